package dev.rollcall.server.config;

import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.server.http.TlsFiles;
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
 * @param file the file the keysets came from, watched for changes, or null
 * @param data the directory of what outlives a restart, or null to keep nothing
 * @param restart how presence outlives a restart, where there is a data directory
 * @param redis where presence is kept for many nodes, or null to keep it in the memory of this process
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
        @Nullable Path file,
        @Nullable Path data,
        RestartConfig restart,
        @Nullable RedisConfig redis) {
    /** Checks the values. */
    public RollcallConfig {
        checkPort(Setting.PORT, port);
        checkPort(Setting.ADMIN_PORT, adminPort);
        keysets = List.copyOf(keysets);
    }

    private static void checkPort(Setting setting, int port) {
        if (port < 0 || port > 65535) {
            throw new ConfigException(setting.key() + ": " + port + " (expected: 0..65535)");
        }
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
                null,
                null,
                RestartConfig.defaults(),
                null);
    }

    /** Returns whether any well-formed key is a keyset. */
    public boolean isDevelopment() {
        return keysets.isEmpty();
    }

    /** Returns the same with another host. */
    public RollcallConfig withHost(String other) {
        return new RollcallConfig(
                other, port, adminHost, adminPort, tls, protection, keysets, defaults, file, data, restart, redis);
    }

    /** Returns the same with another port. */
    public RollcallConfig withPort(int other) {
        return new RollcallConfig(
                host, other, adminHost, adminPort, tls, protection, keysets, defaults, file, data, restart, redis);
    }

    /** Returns the same with another admin port. */
    public RollcallConfig withAdminPort(int other) {
        return new RollcallConfig(
                host, port, adminHost, other, tls, protection, keysets, defaults, file, data, restart, redis);
    }

    /** Returns the same with a certificate. */
    public RollcallConfig withTls(TlsFiles other) {
        return new RollcallConfig(
                host, port, adminHost, adminPort, other, protection, keysets, defaults, file, data, restart, redis);
    }

    /** Returns the same with other limits. */
    public RollcallConfig withProtection(ProtectionConfig other) {
        return new RollcallConfig(
                host, port, adminHost, adminPort, tls, other, keysets, defaults, file, data, restart, redis);
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
                file,
                data,
                restart,
                redis);
    }

    /** Returns the same with a directory of what outlives a restart. */
    public RollcallConfig withData(Path other) {
        return new RollcallConfig(
                host, port, adminHost, adminPort, tls, protection, keysets, defaults, file, other, restart, redis);
    }

    /** Returns the same with another way to restart. */
    public RollcallConfig withRestart(RestartConfig other) {
        return new RollcallConfig(
                host, port, adminHost, adminPort, tls, protection, keysets, defaults, file, data, other, redis);
    }

    /** Returns the same with its presence in Redis. */
    public RollcallConfig withRedis(RedisConfig other) {
        return new RollcallConfig(
                host, port, adminHost, adminPort, tls, protection, keysets, defaults, file, data, restart, other);
    }
}
