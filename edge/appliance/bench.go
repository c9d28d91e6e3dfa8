package appliance

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/comanda-pos/comanda/configs"
)

// While a program on this machine writes tags, the daemon must not take them for guests. The program holds a lock on
// a file; the kernel lets go of it when the program ends, however it ends.

func benchPath(settings configs.Settings) string {
	return filepath.Join(settings.Data.Directory, "bench.lock")
}

// ErrNoDataFolder says that no device keeps anything at the settings' place, so nothing needs to be held.
var ErrNoDataFolder = errors.New("the data folder is not there")

// HoldBench keeps the daemon of these settings from taking taps for guests until release is called.
func HoldBench(settings configs.Settings) (release func() error, err error) {
	file, err := os.OpenFile(benchPath(settings), os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoDataFolder
	}
	if err != nil {
		return nil, fmt.Errorf("hold the reader: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		file.Close()
		return nil, fmt.Errorf("hold the reader: another program is writing tags: %w", err)
	}
	return file.Close, nil
}

// benchBusy reports whether a program holds the reader.
func benchBusy(settings configs.Settings) bool {
	file, err := os.Open(benchPath(settings))
	if err != nil {
		return false
	}
	defer file.Close()
	return syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB) != nil
}
