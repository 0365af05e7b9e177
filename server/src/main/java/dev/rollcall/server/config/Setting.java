package dev.rollcall.server.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can be set for the whole server: as a key of the file, as a flag and as an environment variable, all of one name. */
public enum Setting {
    /** The configuration file. */
    CONFIG("config", "FILE", "", "The configuration file. Its keysets are read again when it changes, and on SIGHUP."),
    /** Where to listen. */
    HOST(
            "host",
            "HOST",
            "127.0.0.1",
            "The name or address to listen on; `0.0.0.0` for every IPv4 address of the machine."),
    /** The port. */
    PORT("port", "PORT", "8090", "The port to listen on; `0` picks a free one."),
    /** Where the admin port listens. */
    ADMIN_HOST("admin-host", "HOST", "127.0.0.1", "The name or address the admin port listens on."),
    /** The admin port. */
    ADMIN_PORT("admin-port", "PORT", "8091", "The port of `/health`, `/ready` and `/metrics`; `0` picks a free one."),
    /** The certificate. */
    TLS_CERT("tls-cert", "FILE", "", "The certificate chain, PEM. With it the port speaks TLS; needs `tls-key`."),
    /** Its key. */
    TLS_KEY("tls-key", "FILE", "", "The private key of the certificate, PEM, PKCS#8, without a password."),
    /** The most connections. */
    MAX_CONNECTIONS("max-connections", "NUMBER", "0", "The most open connections, `0` for no limit."),
    /** Which engine. */
    ENGINE(
            "engine",
            "NAME",
            "embedded",
            "Where presence lives: `embedded`, in the memory of this process; `redis`, in Redis, for many nodes."),
    /** Where Redis is. */
    REDIS(
            "redis",
            "URL",
            "",
            "The Redis of the engine `redis`: `redis://`, `rediss://`, `redis-sentinel://` or `redis-cluster://`."),
    /** How its keys begin. */
    REDIS_PREFIX("redis-prefix", "TEXT", "rollcall:", "How all keys in Redis begin; the same on every node."),
    /** Where small state is kept. */
    DATA(
            "data",
            "DIR",
            "",
            "Where grants and revocations of the Access Manager outlive a restart; without it they do not.");

    private final String key;
    private final String valueName;
    private final String defaultValue;
    private final String meaning;

    Setting(String key, String valueName, String defaultValue, String meaning) {
        this.key = key;
        this.valueName = valueName;
        this.defaultValue = defaultValue;
        this.meaning = meaning;
    }

    /** Returns the settings that may stand in a file: all but the file itself. */
    public static List<Setting> inFile() {
        return Arrays.stream(values()).filter(setting -> setting != CONFIG).toList();
    }

    /** Returns the key in the file. */
    public String key() {
        return key;
    }

    /** Returns the flag. */
    public String flag() {
        return "--" + key;
    }

    /** Returns the environment variable. */
    public String variable() {
        return "ROLLCALL_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** Returns what kind of value follows the flag. */
    public String valueName() {
        return valueName;
    }

    /** Returns the value when nothing is said, empty for none. */
    public String defaultValue() {
        return defaultValue;
    }

    /** Returns what it is for, one or two sentences. */
    public String meaning() {
        return meaning;
    }
}
