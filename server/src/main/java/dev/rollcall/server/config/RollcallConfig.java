package dev.rollcall.server.config;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.server.http.TlsFiles;
import dev.rollcall.server.log.LogConfig;
import dev.rollcall.server.operator.AdminPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything a server is told when it starts.
 *
 * @param host the name or address to listen on
 * @param port the port, 0 for any free one
 * @param adminHost the name or address of the admin port
 * @param adminPort the admin port, 0 for any free one
 * @param tls the certificate, or null to speak plain text
 * @param protection what is taken from clients, and from the admin port's
 * @param keysets the keysets that exist; none means development mode, in which any well-formed key is a keyset
 * @param defaults the settings of a keyset about which nothing is said: all of them in development mode
 * @param origin where all that was said
 * @param data the directory of what outlives a restart, or null to keep nothing
 * @param restart how presence outlives a restart, where there is a data directory
 * @param redis where presence is kept for many nodes, or null to keep it in the memory of this process
 * @param logging what is logged, and how
 */
public record RollcallConfig(
        String host,
        int port,
        String adminHost,
        int adminPort,
        @Nullable TlsFiles tls,
        ProtectionConfig protection,
        List<KeysetConfig> keysets,
        KeysetSettings defaults,
        ConfigOrigin origin,
        @Nullable Path data,
        RestartConfig restart,
        @Nullable RedisConfig redis,
        LogConfig logging) {
    /** Checks the values. */
    public RollcallConfig {
        checkPort(Setting.PORT, port);
        checkPort(Setting.ADMIN_PORT, adminPort);
        checkAdmin(adminHost, protection.admin(), tls);
        keysets = List.copyOf(keysets);
    }

    private static void checkPort(Setting setting, int port) {
        if (port < 0 || port > 65535) {
            throw new ConfigException(setting.key() + ": " + port + " (expected: 0..65535)");
        }
    }

    /** Refuses an admin port that anybody could operate, or whose token anybody could read on its way. */
    private static void checkAdmin(String host, AdminPort admin, @Nullable TlsFiles tls) {
        if (admin.tls() == AdminPort.Tls.ON && tls == null) {
            throw new ConfigException(Setting.ADMIN_TLS.key() + ": on (expected: off or proxy, or a "
                    + Setting.TLS_CERT.key() + " and a " + Setting.TLS_KEY.key() + ")");
        }
        if (!admin.isApiOn() || isLoopback(host)) {
            return;
        }
        if (admin.token() == null) {
            throw new ConfigException(Setting.ADMIN_HOST.key() + ": " + host + " (expected: a loopback address, or an "
                    + Setting.ADMIN_TOKEN.key() + ", for anybody could take users off; or " + Setting.ADMIN_API.key()
                    + ": off to have only /metrics, /health and /ready)");
        }
        if (admin.tls() == AdminPort.Tls.OFF) {
            throw new ConfigException(Setting.ADMIN_HOST.key() + ": " + host + " (expected: a loopback address, or "
                    + Setting.ADMIN_TLS.key() + ": on or proxy, for the " + Setting.ADMIN_TOKEN.key()
                    + " would be sent as plain text; or " + Setting.ADMIN_API.key()
                    + ": off to have only /metrics, /health and /ready)");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            // Nobody can listen there, which is said when somebody tries.
            return true;
        }
    }

    /** Returns the file that keysets came from, which is watched for changes, or null. */
    public @Nullable Path file() {
        return origin.file();
    }

    /** Returns the same on another admin host. */
    public RollcallConfig withAdminHost(String other) {
        return new RollcallConfig(
                host,
                port,
                other,
                adminPort,
                tls,
                protection,
                keysets,
                defaults,
                origin,
                data,
                restart,
                redis,
                logging);
    }

    /** Returns the same with another log. */
    public RollcallConfig withLogging(LogConfig other) {
        return new RollcallConfig(
                host,
                port,
                adminHost,
                adminPort,
                tls,
                protection,
                keysets,
                defaults,
                origin,
                data,
                restart,
                redis,
                other);
    }

    /** Returns the defaults: development mode. */
    public static RollcallConfig development() {
        return new RollcallConfig(
                Setting.HOST.defaultValue(),
                Integer.parseInt(Setting.PORT.defaultValue()),
                Setting.ADMIN_HOST.defaultValue(),
                Integer.parseInt(Setting.ADMIN_PORT.defaultValue()),
                null,
                ProtectionConfig.DEFAULT,
                List.of(),
                KeysetSettings.DEFAULT,
                ConfigOrigin.NONE,
                null,
                RestartConfig.defaults(),
                null,
                LogConfig.DEFAULT);
    }

    /** Returns whether any well-formed key is a keyset. */
    public boolean isDevelopment() {
        return keysets.isEmpty();
    }

    /** Returns the same with another host. */
    public RollcallConfig withHost(String other) {
        return new RollcallConfig(
                other,
                port,
                adminHost,
                adminPort,
                tls,
                protection,
                keysets,
                defaults,
                origin,
                data,
                restart,
                redis,
                logging);
    }

    /** Returns the same with another port. */
    public RollcallConfig withPort(int other) {
        return new RollcallConfig(
                host,
                other,
                adminHost,
                adminPort,
                tls,
                protection,
                keysets,
                defaults,
                origin,
                data,
                restart,
                redis,
                logging);
    }

    /** Returns the same with another admin port. */
    public RollcallConfig withAdminPort(int other) {
        return new RollcallConfig(
                host,
                port,
                adminHost,
                other,
                tls,
                protection,
                keysets,
                defaults,
                origin,
                data,
                restart,
                redis,
                logging);
    }

    /** Returns the same with a certificate. */
    public RollcallConfig withTls(TlsFiles other) {
        return new RollcallConfig(
                host,
                port,
                adminHost,
                adminPort,
                other,
                protection,
                keysets,
                defaults,
                origin,
                data,
                restart,
                redis,
                logging);
    }

    /** Returns the same with other limits. */
    public RollcallConfig withProtection(ProtectionConfig other) {
        return new RollcallConfig(
                host, port, adminHost, adminPort, tls, other, keysets, defaults, origin, data, restart, redis, logging);
    }

    /** Returns the same with these keysets. */
    public RollcallConfig withKeysets(KeysetConfig... others) {
        return withKeysets(List.of(others));
    }

    /** Returns the same with these keysets. */
    public RollcallConfig withKeysets(List<KeysetConfig> others) {
        return new RollcallConfig(
                host,
                port,
                adminHost,
                adminPort,
                tls,
                protection,
                new ArrayList<>(others),
                defaults,
                origin,
                data,
                restart,
                redis,
                logging);
    }

    /** Returns the same with other settings for keysets that are not listed. */
    public RollcallConfig withDefaults(KeysetSettings other) {
        return new RollcallConfig(
                host,
                port,
                adminHost,
                adminPort,
                tls,
                protection,
                keysets,
                other,
                origin,
                data,
                restart,
                redis,
                logging);
    }

    /** Returns the same with a directory of what outlives a restart. */
    public RollcallConfig withData(Path other) {
        return new RollcallConfig(
                host,
                port,
                adminHost,
                adminPort,
                tls,
                protection,
                keysets,
                defaults,
                origin,
                other,
                restart,
                redis,
                logging);
    }

    /** Returns the same with another way to restart. */
    public RollcallConfig withRestart(RestartConfig other) {
        return new RollcallConfig(
                host,
                port,
                adminHost,
                adminPort,
                tls,
                protection,
                keysets,
                defaults,
                origin,
                data,
                other,
                redis,
                logging);
    }

    /** Returns the same with its presence in Redis. */
    public RollcallConfig withRedis(RedisConfig other) {
        return new RollcallConfig(
                host,
                port,
                adminHost,
                adminPort,
                tls,
                protection,
                keysets,
                defaults,
                origin,
                data,
                restart,
                other,
                logging);
    }
}
