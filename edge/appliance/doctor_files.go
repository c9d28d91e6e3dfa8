package appliance

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/goccy/go-yaml"

	"github.com/comanda-pos/comanda/edge/api"
)

// folder looks whether the data folder is there, takes files, and has room.
func (d Doctor) folder(context.Context, *api.OwnerState) []Finding {
	f := Finding{ID: "disk", Name: "Disk", State: FindingOK}
	path := d.Settings.Data.Directory
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.State, f.Text = FindingBad, "The data folder "+path+" is not there."
		f.Do = "Make it for the device's user: sudo install -d -m 750 -o comanda " + path
		return []Finding{f}
	case err != nil || !info.IsDir():
		f.State, f.Text = FindingBad, path+" cannot be used as the data folder."
		f.Do = "Name another folder as data.directory in the settings."
		return []Finding{f}
	case info.Mode().Perm()&0o002 != 0:
		f.State, f.Text, f.Do = FindingWarn, "Everybody on this machine may change files in "+path+".", "chmod o-w "+path
		return []Finding{f}
	}
	if err := tryFile(path); err != nil {
		f.State, f.Text = FindingBad, "Nothing can be written to "+path+": "+err.Error()+"."
		f.Do = "Run the doctor as the device's user. If that is so, the disk is full or read-only: free room, or check it and replace an old SD card."
		return []Finding{f}
	}
	return []Finding{d.room(f)}
}

func tryFile(folder string) error {
	file, err := os.CreateTemp(folder, ".doctor-*")
	if err != nil {
		return err
	}
	_, err = file.Write(make([]byte, 4096))
	return errors.Join(err, file.Sync(), file.Close(), os.Remove(file.Name()))
}

func (d Doctor) room(f Finding) Finding {
	var disk syscall.Statfs_t
	if err := syscall.Statfs(d.Settings.Data.Directory, &disk); err != nil {
		f.State, f.Text, f.Do = FindingWarn, "The room on the disk cannot be measured: "+err.Error()+".", "Look with: df -h"
		return f
	}
	free := int64(disk.Bavail) * int64(disk.Bsize)
	f.Text = fmt.Sprintf("Writable, %d MB are free.", free>>20)
	if free < lowDisk {
		f.State, f.Text = FindingBad, fmt.Sprintf("Only %d MB are free. Orders stop when the disk is full.", free>>20)
		f.Do = "Free some room: old backups and logs first."
	}
	return f
}

// secrets looks whether files that hold keys can be read by others.
func (d Doctor) secrets(context.Context, *api.OwnerState) []Finding {
	f := Finding{ID: "secrets", Name: "Key files", State: FindingOK}
	files := []string{
		filepath.Join(d.Settings.Data.Directory, "codes.secret"), LocalKeyPath(d.Settings), DatabasePath(d.Settings),
	}
	own := len(files)
	files = append(files, secretsNamed(d.Settings.Channels)...)
	var open, missing []string
	for i, path := range files {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist) && i >= own:
			missing = append(missing, path)
		case err == nil && info.Mode().Perm()&0o077 != 0 && (i != 2 || info.Mode().Perm()&0o007 != 0):
			open = append(open, path)
		}
	}
	switch {
	case len(missing) > 0:
		f.State, f.Text = FindingBad, "Not there: "+strings.Join(missing, ", ")+"."
		f.Do = "Put the secret into the file, readable for the device's user alone."
	case len(open) > 0:
		f.State, f.Text, f.Do = FindingBad, "Others on this machine may read "+strings.Join(open, ", ")+".", "chmod 600 "+strings.Join(open, " ")
	default:
		f.Text = "Only the device's user may read them."
	}
	return append([]Finding{f}, d.tagSecret())
}

func (d Doctor) tagSecret() Finding {
	f := Finding{ID: "tag-keys", Name: "Keys of tags", State: FindingOK, Text: "Sound. Keep a copy of " + TagSecretPath(d.Settings) + "."}
	_, err := ReadTagKeys(TagSecretPath(d.Settings))
	switch {
	case errors.Is(err, ErrNoTagKeys):
		f.State, f.Text = FindingOff, "There are none yet; they are made when the first tag or badge is set up."
	case errors.Is(err, fs.ErrPermission):
		f.State, f.Text, f.Do = FindingBad, "This user may not read them.", "Run the doctor as the device's user."
	case err != nil:
		f.State, f.Text, f.Do = FindingBad, "They cannot be used: "+err.Error()+".", "Put the file back from your copy, with mode 600."
	}
	return f
}

// secretsNamed lists the files that messengers' settings name as holding a secret: keys that end in _file.
func secretsNamed[S ~[]byte](sections map[string]S) []string {
	var files []string
	for _, section := range sections {
		var keys map[string]any
		if err := yaml.Unmarshal(section, &keys); err != nil {
			continue // the messenger's own line says what is wrong with it
		}
		for key, value := range keys {
			if path, ok := value.(string); ok && strings.HasSuffix(key, "_file") && path != "" {
				files = append(files, path)
			}
		}
	}
	slices.Sort(files)
	return files
}
