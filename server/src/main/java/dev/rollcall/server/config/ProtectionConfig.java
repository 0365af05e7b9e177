package dev.rollcall.server.config;

import dev.rollcall.server.http.HttpLimits;
import dev.rollcall.server.http.TrustedProxies;
import dev.rollcall.server.limit.ClientLimitsConfig;
import dev.rollcall.server.operator.AdminPort;
import dev.rollcall.server.operator.AdminToken;
import java.util.Map;

/**
 * How a server protects itself.
 *
 * @param http what it takes from one connection, and from all
 * @param clients what it takes from one client and one keyset; read again with the keysets
 * @param memoryBudget the most bytes held for clients in all
 * @param proxies the proxies that are believed when they say for whom they ask
 * @param admin who may ask the admin port for what
 * @param given what flags and environment say, which counts before the file when that is read again
 */
public record ProtectionConfig(
        HttpLimits http,
        ClientLimitsConfig clients,
        long memoryBudget,
        TrustedProxies proxies,
        AdminPort admin,
        Map<Setting, String> given) {
    /** The defaults. */
    public static final ProtectionConfig DEFAULT = new ProtectionConfig(
            HttpLimits.defaults(),
            ClientLimitsConfig.NONE,
            MemorySize.parse(Setting.MEMORY_BUDGET, Setting.MEMORY_BUDGET.defaultValue()),
            TrustedProxies.NONE,
            AdminPort.DEFAULT,
            Map.of());

    /** Keeps a copy. */
    public ProtectionConfig {
        given = Map.copyOf(given);
    }

    /** Returns the same with other limits of clients. */
    public ProtectionConfig withClients(ClientLimitsConfig other) {
        return new ProtectionConfig(http, other, memoryBudget, proxies, admin, given);
    }

    /** Returns the same with other limits of connections. */
    public ProtectionConfig withHttp(HttpLimits other) {
        return new ProtectionConfig(other, clients, memoryBudget, proxies, admin, given);
    }

    /** Returns the same with another budget of memory, in bytes. */
    public ProtectionConfig withMemoryBudget(long other) {
        return new ProtectionConfig(http, clients, other, proxies, admin, given);
    }

    /** Returns the same with other trusted proxies. */
    public ProtectionConfig withProxies(TrustedProxies other) {
        return new ProtectionConfig(http, clients, memoryBudget, other, admin, given);
    }

    /** Returns the same with a token of the admin port. */
    public ProtectionConfig withAdminToken(AdminToken other) {
        return new ProtectionConfig(http, clients, memoryBudget, proxies, admin.withToken(other), given);
    }

    /** Returns the same with other names of the admin port. */
    public ProtectionConfig withAdminHosts(String others) {
        return new ProtectionConfig(http, clients, memoryBudget, proxies, admin.withHosts(others), given);
    }

    /** Returns the same with another admin port. */
    public ProtectionConfig withAdmin(AdminPort other) {
        return new ProtectionConfig(http, clients, memoryBudget, proxies, other, given);
    }

    /** Names what was given, and tells no value: one of them may be a secret. */
    @Override
    public String toString() {
        return "ProtectionConfig[http=" + http + ", clients=" + clients + ", memoryBudget=" + memoryBudget + ", given="
                + given.keySet() + "]";
    }
}
