package sqlite

import (
	"github.com/comanda-pos/comanda/edge"
	"github.com/comanda-pos/comanda/edge/sqlite/internal/query"
)

// device makes a device of a row; the key's hash is not in the body.
func (v *view) device(row query.DevicesRow, err error) (edge.Device, error) {
	device, err := one[edge.Device](v, row.Body, err, "device", "with the key")
	device.KeyHash = row.KeyHash
	return device, err
}

// Devices implements [edge.View]: in the order they were paired, removed ones included.
func (v *view) Devices() ([]edge.Device, error) {
	rows, err := v.q.Devices(background())
	if err != nil {
		return nil, v.failed(err, "device", "list")
	}
	devices := make([]edge.Device, len(rows))
	for i, row := range rows {
		if devices[i], err = v.device(row, nil); err != nil {
			return nil, err
		}
	}
	return devices, nil
}

// DeviceByKey implements [edge.View]. A removed device is found too, and says so.
func (v *view) DeviceByKey(keyHash string) (edge.Device, error) {
	row, err := v.q.DeviceByKey(background(), keyHash)
	return v.device(query.DevicesRow(row), err)
}

// PutDevice implements [edge.Tx].
func (t *tx) PutDevice(device edge.Device) error {
	return t.put("device", device.ID, device, func(body string) error {
		return t.q.PutDevice(background(), query.PutDeviceParams{
			ID: string(device.ID), KeyHash: device.KeyHash, Paired: device.Paired.UnixMilli(), Body: body,
		})
	})
}
