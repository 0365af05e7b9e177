package dev.rollcall.server.config;

import static java.util.Objects.requireNonNull;

import dev.rollcall.engine.Engine;
import dev.rollcall.protocol.SubscribeKey;
import dev.rollcall.server.limit.ClientLimits;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts another configuration in force while the server runs, or refuses it as a whole and keeps the last good one. Besides what is wrong
 * at any time, it refuses what looks like the half of a file: one that has lost its last line break or its end mark {@code ...}, one
 * without any keyset, and one that switches the Access Manager off without saying so. Used by one thread.
 */
public final class ConfigReload {
    private static final Logger log = LoggerFactory.getLogger(ConfigReload.class);
    private static final String END_MARK = "...";

    private final Path file;
    private volatile ConfigOrigin origin;
    private final KeysetRegistry keysets;
    private final Engine engine;
    private final ClientLimits limits;
    private final Map<Setting, String> given;
    private final ConfigListener listener;

    private final SecretFileCheck secrets;

    /** The keysets that have had the Access Manager on, and of which nothing has said since that it is off. */
    private final Set<SubscribeKey> guarded = new HashSet<>();

    private boolean hadLineEnd;
    private boolean hadEndMark;

    /**
     * Makes the way from the file of {@code origin} into a running server. What is {@code given} by flags and environment counts before the
     * file.
     */
    public ConfigReload(
            ConfigOrigin origin,
            KeysetRegistry keysets,
            Engine engine,
            ClientLimits limits,
            Map<Setting, String> given,
            ConfigListener listener) {
        this.origin = origin;
        file = requireNonNull(origin.file(), "file");
        this.keysets = keysets;
        this.engine = engine;
        this.limits = limits;
        this.given = given;
        this.listener = listener;
        secrets = new SecretFileCheck(file);
        secrets.check(keysets.all());
        addGuarded(keysets.all());
        try {
            remember(text(Files.readAllBytes(file)));
        } catch (IOException e) {
            // Read a moment ago. Whatever comes next is read with what is known then: nothing.
            log.debug("cannot look at the end of the file file={}", file, e);
        }
    }

    Path file() {
        return file;
    }

    /** Returns where what is in force was said. */
    public ConfigOrigin origin() {
        return origin;
    }

    /** Takes what is in the file now, without a second look. */
    void takeNow() {
        try {
            take(Files.readAllBytes(file));
        } catch (IOException e) {
            refuse(Setting.CONFIG.key() + ": " + file + " (expected: a file that can be read)");
        }
    }

    /** Puts what the file says in force, or says why not. */
    void take(byte[] bytes) {
        try {
            String text = text(bytes);
            requireEnd(text);
            ConfigReader.Changeable again = ConfigReader.readAgain(file, bytes, given);
            List<KeysetConfig> read = again.keysets();
            if (read.isEmpty()) {
                // Otherwise a file emptied by mistake would open the server to every key.
                throw new ConfigException(KeysetReader.KEYSETS + ": none (expected: at least one keyset;"
                        + " development mode takes a restart)");
            }
            requireProtection(again);
            warnOfRemoved(read);
            keysets.replace(read);
            limits.replace(again.clients());
            engine.reconfigure();
            guarded.removeAll(again.switchedOff());
            addGuarded(read);
            origin = origin.after(again.origin());
            remember(text);
            secrets.check(read);
            listener.onTaken();
            log.info("keysets read again file={} keysets={}", file, read.size());
        } catch (RuntimeException e) {
            refuse(e.getMessage());
        }
    }

    /** Keeps what is in force, and says so. */
    void refuse(@Nullable String problem) {
        listener.onRefused();
        log.error(
                "the last good configuration stays in force, the file is wrong file={} problem=\"{}\"", file, problem);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void remember(String text) {
        hadLineEnd = text.endsWith("\n");
        hadEndMark = hasEndMark(text);
    }

    private static boolean hasEndMark(String text) {
        String end = text.stripTrailing();
        return end.equals(END_MARK) || end.endsWith('\n' + END_MARK);
    }

    private void requireEnd(String text) {
        if (hadEndMark && !hasEndMark(text)) {
            throw new ConfigException("end of file: no line " + END_MARK + " (expected: one, as the file had before;"
                    + " without it the file is taken for cut off)");
        }
        if (hadLineEnd && !text.endsWith("\n")) {
            throw new ConfigException("end of file: in the middle of a line (expected: a line break, as the file had"
                    + " before; without it the file is taken for cut off)");
        }
    }

    private void requireProtection(ConfigReader.Changeable again) {
        for (KeysetConfig after : again.keysets()) {
            SubscribeKey key = after.subscribeKey();
            if (after.access() == null
                    && guarded.contains(key)
                    && !again.switchedOff().contains(key)) {
                throw new ConfigException("access-manager of the keyset " + key.value()
                        + ": none (expected: on, or off in so many words, for it was on before)");
            }
        }
    }

    private void addGuarded(Collection<KeysetConfig> some) {
        for (KeysetConfig keyset : some) {
            if (keyset.access() != null) {
                guarded.add(keyset.subscribeKey());
            }
        }
    }

    private void warnOfRemoved(List<KeysetConfig> read) {
        List<String> removed = new ArrayList<>();
        for (KeysetConfig before : keysets.all()) {
            if (read.stream().noneMatch(after -> after.subscribeKey().equals(before.subscribeKey()))) {
                removed.add(before.subscribeKey().value());
            }
        }
        if (!removed.isEmpty()) {
            log.warn("keysets are gone from the file, their requests are refused now file={} keys={}", file, removed);
        }
    }
}
