package appliance

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/comanda-pos/comanda/edge/api"
)

// Limits of looking at the network.
const (
	networkLimit = 4 * time.Second
	certSoon     = 14 * 24 * time.Hour
)

// network looks whether phones can reach the device by the address that tags and codes hold.
func (d Doctor) network(ctx context.Context, running *api.OwnerState) []Finding {
	base, err := url.Parse(d.Settings.Server.BaseURL)
	if err != nil {
		return []Finding{{ID: "address", Name: "Address", State: FindingBad, Text: err.Error(), Do: "Set server.base_url in the settings."}}
	}
	findings := []Finding{d.address(ctx, base), d.listening(ctx, base, running)}
	if base.Scheme == "https" {
		findings = append(findings, d.certificate(ctx, base))
	}
	return findings
}

// address looks whether the name in the address leads anywhere.
func (d Doctor) address(ctx context.Context, base *url.URL) Finding {
	f := Finding{ID: "address", Name: "Address", State: FindingOK}
	host := base.Hostname()
	ctx, cancel := context.WithTimeout(ctx, networkLimit)
	defer cancel()
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		f.State, f.Text = FindingBad, "The name "+host+" leads nowhere, so no phone finds the device."
		f.Do = "Enter the name in the venue's router or in the DNS, or use another server.base_url. Check the network cable."
		return f
	}
	for i := range found {
		found[i] = found[i].Unmap()
	}
	own := ownAddresses()
	switch {
	case slices.ContainsFunc(found, func(a netip.Addr) bool { return a.IsLoopback() }):
		f.State, f.Text = FindingWarn, host+" is this machine itself: only a browser on it reaches the device."
		f.Do = "Set server.base_url to a name or address that phones in the venue's network reach."
	case slices.ContainsFunc(found, func(a netip.Addr) bool { return slices.Contains(own, a) }):
		f.Text = host + " leads to this machine."
	default:
		f.Text = fmt.Sprintf("%s leads to %s, which is not this machine; that is right behind a proxy or gateway only.", host, found[0])
		f.State, f.Do = FindingWarn, "If there is no proxy, point the name at "+addressList(own)+"."
	}
	return f
}

// ownAddresses are those at which others can reach this machine.
func ownAddresses() []netip.Addr {
	addresses, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	var own []netip.Addr
	for _, a := range addresses {
		prefix, err := netip.ParsePrefix(a.String())
		if err == nil && !prefix.Addr().IsLoopback() && !prefix.Addr().IsLinkLocalUnicast() {
			own = append(own, prefix.Addr().Unmap())
		}
	}
	return own
}

func addressList(own []netip.Addr) string {
	if len(own) == 0 {
		return "this machine, which has no address in a network yet"
	}
	words := make([]string, len(own))
	for i, a := range own {
		words[i] = a.String()
	}
	return strings.Join(words, " or ")
}

// listening looks whether the port is open to the venue's network.
func (d Doctor) listening(ctx context.Context, base *url.URL, running *api.OwnerState) Finding {
	f := Finding{ID: "port", Name: "Port", State: FindingOK}
	host, port, err := net.SplitHostPort(d.Settings.Server.Listen)
	if err != nil {
		f.State, f.Text, f.Do = FindingBad, err.Error(), "Set server.listen in the settings, such as 0.0.0.0:8080."
		return f
	}
	ip, ipErr := netip.ParseAddr(host)
	if (ipErr == nil && ip.IsLoopback()) || host == "localhost" {
		f.Text = "The device listens at " + d.Settings.Server.Listen + ": only programs on this machine reach it."
		if base.Hostname() != host && base.Hostname() != "localhost" {
			f.State = FindingWarn
		}
		f.Do = "Without a proxy on this machine set server.listen to 0.0.0.0:" + port + "."
		return f
	}
	if running == nil {
		f.State, f.Text = FindingOff, "Nothing listens at "+d.Settings.Server.Listen+" while the device does not run."
		return f
	}
	for _, own := range ownAddresses() {
		if ipErr == nil && (ip.Is4() != own.Is4() || (!ip.IsUnspecified() && own != ip)) {
			continue
		}
		at := net.JoinHostPort(own.String(), port)
		if err := knock(ctx, at); err != nil {
			f.State, f.Text, f.Do = FindingBad, at+" does not answer: "+err.Error()+".", "Open port "+port+" in this machine's firewall."
			return f
		}
	}
	f.Text = "Port " + port + " answers on this machine's addresses in the network."
	return f
}

func knock(ctx context.Context, address string) error {
	dialer := net.Dialer{Timeout: networkLimit}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return err
	}
	return conn.Close()
}

// certificate looks at what phones are shown under the address.
func (d Doctor) certificate(ctx context.Context, base *url.URL) Finding {
	f := Finding{ID: "certificate", Name: "Certificate", State: FindingOK}
	port := base.Port()
	if port == "" {
		port = "443"
	}
	dialer := tls.Dialer{NetDialer: &net.Dialer{Timeout: networkLimit}, Config: &tls.Config{ServerName: base.Hostname(), MinVersion: tls.VersionTLS12}}
	conn, err := dialer.DialContext(ctx, "tcp", net.JoinHostPort(base.Hostname(), port))
	if err != nil {
		f.State, f.Text = FindingBad, "Phones are not let in under "+base.Host+": "+err.Error()+"."
		f.Do = "Look at the proxy in front of the device: does it run, and is its certificate valid for this name?"
		return f
	}
	defer conn.Close()
	ends := conn.(*tls.Conn).ConnectionState().PeerCertificates[0].NotAfter
	f.Text = "Valid until " + ends.Local().Format(time.DateOnly) + "."
	if ends.Sub(d.Now()) < certSoon {
		f.State, f.Do = FindingWarn, "Renew it: it should have been renewed by itself."
	}
	return f
}
