//go:build !linux

package nfctest

import "net"

func acknowledgeAtOnce(net.Conn) {}
