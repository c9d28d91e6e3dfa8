// Package edge is the restaurant's language and its rules: tables, sessions, menus, orders, tickets, money.
//
// It does no I/O, reads no clock and draws no random numbers. A [Store] keeps what it decides, a [Clock] and an
// [IDs] source are handed in. The two doors into the rules are [Floor] (guests, tables, orders, bills) and
// [Kitchen] (tickets, stock); both turn a command into events in one transaction of the store, or into a named
// refusal ([Error]).
package edge
