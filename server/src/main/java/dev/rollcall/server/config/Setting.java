package dev.rollcall.server.config;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.protocol.Limits;
import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.TrustedProxies;
import dev.rollcall.server.limit.AnswerLimits;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can be set for the whole server: as a key of the file, as a flag and as an environment variable, all of one name. */
public enum Setting {
    /** The configuration file. */
    CONFIG(
            "config",
            "FILE",
            "",
            "The configuration file. Its keysets and limits of clients are read again when it changes, and on SIGHUP."),
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
    ADMIN_PORT(
            "admin-port",
            "PORT",
            "8091",
            "The port of `/health`, `/ready`, `/metrics` and `/admin/v1`; `0` picks a free one."),
    /** The certificate. */
    TLS_CERT(
            "tls-cert",
            "FILE",
            "",
            "The certificate chain, PEM. With it the port speaks TLS; needs `tls-key`. Both are read again"
                    + " when they change, and on SIGHUP; open connections keep theirs."),
    /** Its key. */
    TLS_KEY("tls-key", "FILE", "", "The private key of the certificate, PEM, PKCS#8, without a password."),
    /** The most connections. */
    MAX_CONNECTIONS("max-connections", "NUMBER", "0", "The most open connections, `0` for no limit."),
    /** The most connections of one address. */
    MAX_CONNECTIONS_PER_ADDRESS(
            "max-connections-per-address",
            "NUMBER",
            "0",
            "The most open connections of one address, `0` for no limit. One more is closed as soon as it is accepted. Counts the"
                    + " peer, whatever proxies say."),
    /** The requests of one address. */
    REQUESTS_PER_ADDRESS(
            "requests-per-address",
            "NUMBER",
            "0",
            "The most requests a second of one client address, `0` for no limit; see [limits.md](limits.md)."),
    /** The requests of one keyset. */
    REQUESTS_PER_KEY(
            "requests-per-key", "NUMBER", "0", "The most requests a second with one subscribe key, `0` for no limit."),
    /** The polls of one address. */
    MAX_POLLS_PER_ADDRESS(
            "max-polls-per-address",
            "NUMBER",
            "0",
            "The most subscribes of one client address that wait at the same time, `0` for no limit."),
    /** The polls of one keyset. */
    MAX_POLLS_PER_KEY(
            "max-polls-per-key",
            "NUMBER",
            "0",
            "The most subscribes with one subscribe key that wait at the same time, `0` for no limit."),
    /** The names of one request. */
    MAX_CHANNELS_PER_REQUEST(
            "max-channels-per-request",
            "NUMBER",
            Integer.toString(Limits.CHANNELS_PER_REQUEST),
            "The most channels and channel groups that one request names, `1` to `2000`."),
    /** The channels of one request, groups expanded. */
    MAX_EXPANDED_CHANNELS(
            "max-expanded-channels",
            "NUMBER",
            Integer.toString(AnswerLimits.DEFAULT.expandedChannels()),
            "The most channels that one request stands for, each group counted as the channels it has."),
    /** The occupants of one answer. */
    MAX_LISTED_OCCUPANTS(
            "max-listed-occupants",
            "NUMBER",
            Integer.toString(AnswerLimits.DEFAULT.listedOccupants()),
            "The most occupants that one here-now answer lists, over all its channels."),
    /** The bytes of one answer. */
    MAX_ANSWER_BYTES(
            "max-answer-bytes",
            "BYTES",
            Integer.toString(AnswerLimits.MOST_DEFAULT_BYTES),
            "The most bytes of one answer about presence or groups; unless another number is given, a thirty-second of the heap if that is less."),
    /** Unread bytes of one connection. */
    MAX_BUFFERED_BYTES(
            "max-buffered-bytes",
            "BYTES",
            Integer.toString(HttpLimits.DEFAULT_PENDING_WRITE_BYTES),
            "The most bytes of answers that wait for one connection; with HTTP/2, further answers are refused above it."),
    /** Bytes under way of one address. */
    MAX_BUFFERED_BYTES_PER_ADDRESS(
            "max-buffered-bytes-per-address",
            "BYTES",
            "0",
            "The most bytes of unfinished requests and unread answers on the connections of one address, `0` for half of all."
                    + " Trusted proxies have no such limit."),
    /** Bytes under way in all. */
    MAX_BUFFERED_BYTES_TOTAL(
            "max-buffered-bytes-total",
            "BYTES",
            "0",
            "The most bytes of unfinished requests and unread answers on all connections, `0` for a fifth of the heap, and"
                    + " for what `memory-budget` leaves for buffers if that is less."),
    /** TLS handshakes at a time. */
    MAX_TLS_HANDSHAKES(
            "max-tls-handshakes",
            "NUMBER",
            Integer.toString(HttpLimits.DEFAULT_MAX_HANDSHAKES),
            "The most TLS handshakes under way, `0` for no limit. One more connection is closed as soon as it is accepted."),
    /** TLS handshakes of one address at a time. */
    MAX_TLS_HANDSHAKES_PER_ADDRESS(
            "max-tls-handshakes-per-address",
            "NUMBER",
            Integer.toString(HttpLimits.DEFAULT_MAX_HANDSHAKES_PER_ADDRESS),
            "The most TLS handshakes of one address under way, `0` for no limit. Trusted proxies have no such limit."),
    /** What is held for clients in all. */
    MEMORY_BUDGET(
            "memory-budget",
            "BYTES",
            "60%",
            "The most bytes held for clients in all: messages, presence, states, channel groups, waiting subscribes, grants, what slow clients have not read. A number, or a"
                    + " part of the heap such as `60%`; see [limits.md](limits.md)."),
    /** How long a request may take to arrive. */
    REQUEST_TIMEOUT(
            "request-timeout",
            "DURATION",
            Durations.format(HttpLimits.DEFAULT_REQUEST_TIMEOUT),
            "How long a request, or a TLS handshake, may take to arrive."),
    /** How long a connection may be idle. */
    IDLE_TIMEOUT(
            "idle-timeout",
            "DURATION",
            Durations.format(HttpLimits.DEFAULT_IDLE_TIMEOUT),
            "How long a connection stays open without a request."),
    /** How long answers may stay unread. */
    WRITE_TIMEOUT(
            "write-timeout",
            "DURATION",
            Durations.format(HttpLimits.DEFAULT_WRITE_TIMEOUT),
            "How long a client may leave its answers unread, or take them slower than 4 KiB a second."),
    /** How long polls wait. */
    POLL_HOLD(
            "poll-hold",
            "DURATION",
            Durations.format(KeysetSettings.LONGEST_POLL_HOLD),
            "How long a subscribe waits before it is answered with nothing, `5s` to `280s`: less than whatever proxy is in"
                    + " between waits for an answer, see [proxies.md](proxies.md)."),
    /** Whom to believe. */
    TRUSTED_PROXIES(
            "trusted-proxies",
            "LIST",
            "",
            "The proxies that are believed when they say for whom they ask: addresses and networks such as `10.0.0.0/8`, separated"
                    + " by commas."),
    /** Where proxies say it. */
    FORWARDED_HEADER(
            "forwarded-header",
            "NAME",
            TrustedProxies.Header.X_FORWARDED_FOR.label(),
            "Where they say it: `x-forwarded-for` or `forwarded`. The other one is not read."),
    /** Who may operate. */
    ADMIN_TOKEN(
            "admin-token",
            "TEXT",
            "",
            "What operators must send the admin port as `Authorization: Bearer …`, for `/admin/v1` and `/metrics`; 16 characters or"
                    + " more. Without it whoever reaches the port may operate, which is why it must be on loopback then, see"
                    + " [admin.md](admin.md). Better in the file or the environment than as a flag, which other users of the machine"
                    + " can see."),
    /** Who may read the metrics. */
    METRICS_TOKEN(
            "metrics-token",
            "TEXT",
            "",
            "What lets read `/metrics` and nothing else, so that whoever scrapes the metrics cannot take users off; 16 characters or"
                    + " more, another one than `admin-token`."),
    /** By what names the admin port may be asked. */
    ADMIN_HOSTS(
            "admin-hosts",
            "LIST",
            "",
            "The names by which the admin port may be asked, separated by commas, besides addresses and `localhost`. Other names are"
                    + " refused, since any page can have its own name lead there; not for `/health` and `/ready`."),
    /** Who encrypts what goes to the admin port. */
    ADMIN_TLS(
            "admin-tls",
            "NAME",
            "off",
            "Who encrypts what is sent to the admin port: `off`, nobody; `on`, the port itself, with `tls-cert` and `tls-key`;"
                    + " `proxy`, a proxy in front of it, which is believed if it is one of `trusted-proxies`. Needed where `admin-host` is"
                    + " not loopback, for there a token must not be sent as plain text."),
    /** Whether there is an admin API. */
    ADMIN_API(
            "admin-api",
            "SWITCH",
            "on",
            "Whether the admin port answers `/admin/v1`. Without it `/metrics`, `/health` and `/ready` are all there is, and"
                    + " `admin-host` may be anything."),
    /** Whether there is a console. */
    CONSOLE(
            "console",
            "SWITCH",
            "on",
            "Whether the admin port serves the page of operators, `/console/`, see [console.md](console.md). It needs `admin-api`."),
    /** How the log is written. */
    LOG_FORMAT(
            "log-format",
            "NAME",
            "text",
            "How the log is written to standard error: `text`, a line an event; `json`, a JSON object a line."),
    /** What is logged. */
    LOG_LEVEL(
            "log-level",
            "LIST",
            "info",
            "What is logged: `error`, `warn`, `info`, `debug` or `trace`, and behind a comma other levels for single parts, such as"
                    + " `info,dev.rollcall.server.access=debug`."),
    /** Whether requests are logged. */
    REQUEST_LOG(
            "request-log",
            "SWITCH",
            "off",
            "Whether every answered request is logged: what it asked for, keyset, user, status, time and address; never a path, a"
                    + " message, a signature or a token."),
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
            "Where the engine `embedded` keeps what must outlive a restart: grants and revocations of the Access Manager,"
                    + " channel groups and who is present, see [reliability.md](reliability.md). Without it nothing is written."
                    + " The engine `redis` keeps everything in Redis and nothing here."),
    /** How often presence is kept. */
    SNAPSHOT_INTERVAL(
            "snapshot-interval",
            "DURATION",
            "5s",
            "How often the engine `embedded` writes to `data` who is present and the feeds, for the case of a crash; `0` for"
                    + " only when it is stopped. Less often where writing takes long: a tenth of the time at most."),
    /** How long leases are prolonged. */
    RESTART_GRACE(
            "restart-grace",
            "DURATION",
            "60s",
            "How much longer than what was left of them leases last after a restart with `data`, for clients to find the way"
                    + " back; 1 h at most.");

    /** How the names of all environment variables begin. */
    static final String VARIABLE_PREFIX = "ROLLCALL_";

    /** The settings that are read again with the keysets. */
    static final List<Setting> CHANGEABLE = List.of(
            MAX_CONNECTIONS_PER_ADDRESS,
            REQUESTS_PER_ADDRESS,
            REQUESTS_PER_KEY,
            MAX_POLLS_PER_ADDRESS,
            MAX_POLLS_PER_KEY,
            MAX_CHANNELS_PER_REQUEST,
            MAX_EXPANDED_CHANNELS,
            MAX_LISTED_OCCUPANTS,
            MAX_ANSWER_BYTES,
            POLL_HOLD);

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

    /** Returns whether it is read again with the keysets, so that a change of it takes no restart. */
    public boolean isChangeable() {
        return CHANGEABLE.contains(this);
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
        return VARIABLE_PREFIX + key.toUpperCase(Locale.ROOT).replace('-', '_');
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
