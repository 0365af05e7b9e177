package dev.rollcall.server.http;

import io.netty.util.NetUtil;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names by which a server may be asked. A page in a browser can have a name of its own resolve to any address, and then reads what
 * answers there as if it were its own; but it cannot make the browser say another name. Addresses are nobody's to take over, so they are
 * always allowed, and so is {@code localhost}. Immutable.
 */
public final class AllowedHosts {
    private static final int SHOWN = 100;

    private final Set<String> names = new HashSet<>();
    private final Set<String> openPaths;
    private final String openPrefix;

    /**
     * Allows these names too.
     *
     * @param list names, separated by commas; empty for none
     * @param openPaths the paths that may be asked for by any name
     */
    public AllowedHosts(String list, Set<String> openPaths) {
        this(list, openPaths, "");
    }

    /**
     * The same.
     *
     * @param openPrefix how paths begin whose handler looks at the name itself, empty for none
     */
    public AllowedHosts(String list, Set<String> openPaths, String openPrefix) {
        this.openPrefix = openPrefix;
        names.add("localhost");
        for (String name : list.split(",", -1)) {
            if (!name.isBlank()) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        this.openPaths = Set.copyOf(openPaths);
    }

    /** Returns whether a request for {@code path} may name {@code host}, with or without a port. No browser names none. */
    public boolean allows(@Nullable String host, String path) {
        boolean isOpen = openPaths.contains(path) || !openPrefix.isEmpty() && path.startsWith(openPrefix);
        if (host == null || isOpen) {
            return true;
        }
        String name = withoutPort(host);
        return NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name) || names.contains(name);
    }

    /** Returns what is wrong with {@code host}. */
    public String complaint(@Nullable String host) {
        String shown = String.valueOf(host);
        return "Host: " + (shown.length() > SHOWN ? shown.substring(0, SHOWN) + '…' : shown)
                + " (expected: an address, localhost or a name of admin-hosts)";
    }

    private static String withoutPort(String host) {
        String name = host.strip().toLowerCase(Locale.ROOT);
        if (name.startsWith("[")) {
            int end = name.indexOf(']');
            return end < 0 ? "" : name.substring(1, end);
        }
        int colon = name.indexOf(':');
        String bare = colon >= 0 && colon == name.lastIndexOf(':') ? name.substring(0, colon) : name;
        return bare.endsWith(".") ? bare.substring(0, bare.length() - 1) : bare;
    }
}
