package main

import (
	"errors"
	"fmt"
	"os"

	"aixin/configs"
	"aixin/models/store"
)

type keysCmd struct {
	Init        keysInitCmd        `cmd:"" help:"新建密钥集文件。已有就不动。"`
	Rotate      keysRotateCmd      `cmd:"" help:"加一把新的封存密钥;旧数据照样读得出。"`
	Fingerprint keysFingerprintCmd `cmd:"" help:"打印密钥集的指纹(不泄露密钥)。"`
}

// keysFile takes the path from the flag, else from the settings, which need not
// be complete for this.
type keysFile struct {
	File string `help:"密钥集文件;默认按 security.keyset_file,再默认 <data_dir>/keyset.json。" placeholder:"FILE"`
}

func (k keysFile) path(e *env) (string, error) {
	if k.File != "" {
		return k.File, nil
	}
	cfg, err := configs.Load(e.configFile, os.Environ())
	if err != nil {
		return "", err
	}
	return cfg.KeysetFile(), nil
}

type keysInitCmd struct{ keysFile }

// Run makes a keyset where there is none.
func (k *keysInitCmd) Run(e *env) error {
	path, err := k.path(e)
	if err != nil {
		return err
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("%s 已经有了,没有动它。换密钥用 aixin keys rotate", path)
	}
	keys, err := store.NewKeys()
	if err != nil {
		return err
	}
	if err := keys.Save(path); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "密钥集建好了:%s(指纹 %s)\n请立刻另存一份到别处:丢了它,数据库里的姓名、电话再也读不出来。\n", path, keys.Fingerprint())
	return nil
}

type keysRotateCmd struct{ keysFile }

// Run adds a new primary sealing key.
func (k *keysRotateCmd) Run(e *env) error {
	path, err := k.path(e)
	if err != nil {
		return err
	}
	keys, err := store.LoadKeys(path)
	if err != nil {
		return err
	}
	if keys, err = keys.Rotate(); err != nil {
		return err
	}
	if err := keys.Save(path); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "加好了新密钥:%s\n请再另存一份,并依次重启各进程;先把新文件发到每台机器,再重启。\n", path)
	return nil
}

type keysFingerprintCmd struct{ keysFile }

// Run prints the fingerprint.
func (k *keysFingerprintCmd) Run(e *env) error {
	path, err := k.path(e)
	if err != nil {
		return err
	}
	keys, err := store.LoadKeys(path)
	if err != nil {
		return err
	}
	fmt.Fprintln(e.stdout, keys.Fingerprint())
	return nil
}
