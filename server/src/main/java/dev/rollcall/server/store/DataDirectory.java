package dev.rollcall.server.store;

import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.daemon.Daemons;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.protocol.ErrorCode;
import dev.rollcall.protocol.ProtocolException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.SingleFileStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of small durable state: the file {@code state.mv}, an H2 MVStore of a few maps, and beside it {@code acknowledged}, which
 * says up to which commit somebody was told that their change is kept. Read whole and checked when it is opened.
 *
 * <p>Changes are made by one thread of its own, in the order they were submitted; those that wait together are committed together. Their
 * stages complete after that, on that thread. Safe from any thread.
 */
public final class DataDirectory implements AutoCloseable {
    static final String STATE = "state.mv";
    static final String ACKNOWLEDGED = "acknowledged";

    private static final Logger log = LoggerFactory.getLogger(DataDirectory.class);
    private static final String META = "meta";
    private static final String COMMIT = "commit";

    /** The most entries, about, that one commit holds in memory. */
    private static final int BATCH_ENTRIES = 20_000;

    /** The most entries that wait to be committed; whoever comes with more has to try again. */
    private static final int MOST_WAITING = 200_000;

    /** Mebibytes of the file that are kept in memory. Everything is read once, at the start. */
    private static final String CACHE_MEBIBYTES = "2";

    private static final long IDLE_SECONDS = 60;
    private static final int COMMITS_UNCOMPACTED = 1000;
    private static final int COMPACTED_AT_ONCE = 1 << 20;
    private static final int FILL_PERCENT = 50;
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(2);

    private final Path directory;
    private final MVStore store;
    private final DurableNumber acknowledged;
    private final Map<String, DurableMap> maps = new LinkedHashMap<>();
    private final LinkedBlockingQueue<Change> changes = new LinkedBlockingQueue<>();
    private final AtomicLong waiting = new AtomicLong();
    private final DaemonThread thread;

    /** Means nothing but that the thread should look up. */
    private final Change wake = new Change(0, () -> {}, new CompletableFuture<>());

    private long commit;
    private int uncompacted;
    private volatile boolean closed;
    private volatile @Nullable Throwable broken;

    private record Change(int entries, Runnable action, CompletableFuture<Void> done) {}

    /** Opens a directory as {@link #open(Path, Daemons)} does, with a thread that belongs to no server. */
    public static DataDirectory open(Path directory) {
        return open(directory, new Daemons(System::nanoTime));
    }

    /**
     * Opens a directory, and makes it if it is not there. Changes are made on a thread of its own among {@code daemons}.
     *
     * @throws UncheckedIOException if it cannot be used, in use by another process or damaged; the message says what to do
     */
    public static DataDirectory open(Path directory, Daemons daemons) {
        try {
            create(directory);
            return new DataDirectory(directory, daemons);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void create(Path directory) throws IOException {
        try {
            if (Files.isDirectory(directory)) {
                if (!Files.isWritable(directory)) {
                    throw new AccessDeniedException(directory.toString());
                }
                PrivateFiles.repairDirectory(directory);
            } else {
                PrivateFiles.createDirectories(directory);
            }
        } catch (FileAlreadyExistsException e) {
            throw new IOException("data: " + directory + " is a file (expected: a directory)", e);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "data: " + directory
                            + " cannot be written (expected: a directory that the server's user may write to)",
                    e);
        } catch (FileSystemException e) {
            throw new IOException("data: " + directory + " cannot be made: " + e.getReason(), e);
        } catch (IOException e) {
            throw new IOException("data: " + directory + " cannot be made: " + e.getMessage(), e);
        }
    }

    private DataDirectory(Path directory, Daemons daemons) throws IOException {
        this.directory = directory;
        Path file = directory.resolve(STATE);
        if (Files.isDirectory(file)) {
            throw new IOException("data: " + file + " is a directory (expected: a file)");
        }
        boolean fresh = !Files.exists(file);
        PrivateFiles.create(file);
        PrivateFiles.create(directory.resolve(ACKNOWLEDGED));
        store = openStore(file);
        try {
            acknowledged = DurableNumber.open(directory.resolve(ACKNOWLEDGED));
            checkCommit(fresh);
        } catch (IOException | RuntimeException e) {
            store.closeImmediately();
            throw e;
        }
        thread = daemons.thread("data");
        thread.loop(() -> !closed || !changes.isEmpty(), this::turn);
    }

    private static MVStore openStore(Path file) throws IOException {
        // Opened apart from the store, which keeps it locked when it does not like what it finds there.
        FileStore<?> fileStore = new SingleFileStore(new HashMap<>(Map.of("cacheSize", CACHE_MEBIBYTES)));
        try {
            fileStore.open(file.toString(), false, null);
            return new MVStore.Builder()
                    .adoptFileStore(fileStore)
                    .autoCommitDisabled()
                    .open();
        } catch (RuntimeException e) {
            if (e instanceof MVStoreException known && known.getErrorCode() == DataUtils.ERROR_FILE_LOCKED) {
                throw new IOException("data: " + file + " is in use by another process", e);
            }
            fileStore.close();
            throw damaged(file, e instanceof MVStoreException ? e.getMessage() : e.toString(), e);
        } catch (OutOfMemoryError e) {
            // Nothing this small takes all memory, unless a damaged length does.
            fileStore.close();
            throw damaged(file, "a length is wrong", e);
        }
    }

    /** The store goes back to an older state by itself when the newest is damaged; then it lacks what somebody was promised. */
    private void checkCommit(boolean fresh) throws IOException {
        Path file = directory.resolve(STATE);
        String stored;
        try {
            stored = openMap(META).get(COMMIT);
            commit = stored == null ? 0 : Long.parseLong(stored);
        } catch (RuntimeException e) {
            throw damaged(file, e.toString(), e);
        }
        if (commit < acknowledged.value()) {
            String what = fresh ? "is gone" : "ends with change " + commit;
            throw damaged(file, what + ", but change " + acknowledged.value() + " was confirmed", null);
        }
        if (commit > 0 && acknowledged.value() == 0) {
            log.warn(
                    "which change was confirmed last is not known, so nobody can tell whether an older copy was put back file={}",
                    directory.resolve(ACKNOWLEDGED));
            acknowledged.set(commit);
        }
    }

    private static IOException damaged(Path file, @Nullable String what, @Nullable Throwable cause) {
        return new IOException(
                "data: " + file + " is damaged: " + String.valueOf(what).replace('\n', ' ')
                        + " (put back a copy of the whole directory; or remove it to begin with nothing, then grants and"
                        + " channel groups must be made again, and a revoked token is good again until it expires,"
                        + " unless the secret-key of its keyset is changed)",
                cause);
    }

    /** Returns whether changes are kept. If not, they are refused until the server is started again. Safe from any thread. */
    public boolean isWritable() {
        return broken == null;
    }

    /** Returns where it is. */
    public Path path() {
        return directory;
    }

    /**
     * Returns a map of text to text, empty if it is new. To be asked for once, before changes.
     *
     * @throws UncheckedIOException if it is damaged
     */
    public synchronized DurableMap map(String name) {
        return maps.computeIfAbsent(name, wanted -> {
            try {
                return DurableMap.open(wanted, openMap(wanted), openMap(META));
            } catch (RuntimeException e) {
                throw new UncheckedIOException(damaged(directory.resolve(STATE), e.getMessage(), e));
            }
        });
    }

    /**
     * Has {@code change}, which puts into maps or removes from them, made and kept. It must not throw. Once anything could not be written,
     * this and every later change fails: what was promised before is safe, and only a new start tells what is there.
     */
    public CompletionStage<Void> submit(Runnable change) {
        return submit(1, change);
    }

    /**
     * Has a change of about so many {@code entries} made and kept, as {@link #submit(Runnable)} does. Fails with {@link
     * ErrorCode#UNAVAILABLE}, and is not made, if too much waits already.
     */
    public CompletionStage<Void> submit(int entries, Runnable change) {
        var done = new CompletableFuture<Void>();
        if (waiting.addAndGet(entries) > MOST_WAITING + entries) {
            waiting.addAndGet(-entries);
            return CompletableFuture.failedStage(new ProtocolException(ErrorCode.UNAVAILABLE));
        }
        changes.add(new Change(entries, change, done));
        if (closed) {
            failWaiting();
        }
        return done;
    }

    /** Text only, whatever the file says of itself: no object is ever made of its bytes. */
    private MVMap<String, String> openMap(String name) {
        return store.openMap(
                name,
                new MVMap.Builder<String, String>().keyType(TextType.INSTANCE).valueType(TextType.INSTANCE));
    }

    private void turn() {
        List<Change> batch = new ArrayList<>();
        try {
            Change first = changes.poll(IDLE_SECONDS, TimeUnit.SECONDS);
            int entries = 0;
            for (Change next = first; next != null; next = entries < BATCH_ENTRIES ? changes.poll() : null) {
                if (!next.equals(wake)) {
                    batch.add(next);
                    entries += next.entries;
                    waiting.addAndGet(-next.entries);
                }
            }
            if (!batch.isEmpty()) {
                apply(batch);
                uncompacted++;
            }
            if (uncompacted > COMMITS_UNCOMPACTED || first == null && uncompacted > 0) {
                uncompacted = 0;
                compact();
            }
        } catch (InterruptedException e) {
            // Nobody is meant to: an interrupt in the middle of a write would close the file.
            log.warn("interrupted directory={}", directory);
        } catch (RuntimeException | Error e) {
            // Whoever waits for one of them must not wait for ever.
            fail(batch);
            throw e;
        }
    }

    private static void fail(List<Change> batch) {
        for (Change change : batch) {
            change.done.completeExceptionally(new ProtocolException(
                    ErrorCode.UNAVAILABLE, ErrorCode.UNAVAILABLE.text() + ", the data directory cannot be written"));
        }
    }

    private void apply(List<Change> batch) {
        Throwable failure = broken;
        if (failure == null) {
            try {
                for (Change change : batch) {
                    change.action.run();
                }
                long next = commit + 1;
                openMap(META).put(COMMIT, Long.toString(next));
                store.commit();
                store.sync();
                acknowledged.set(next);
                commit = next;
            } catch (IOException | RuntimeException | Error e) {
                FatalErrors.check(e);
                // What is in memory and what is in the file may differ now; only a new start tells.
                broken = e;
                failure = e;
                log.error("state is not kept any more, changes are refused until a restart directory={}", directory, e);
            }
        }
        if (failure != null) {
            fail(batch);
            return;
        }
        for (Change change : batch) {
            change.done.complete(null);
        }
    }

    private void compact() {
        if (broken != null) {
            return;
        }
        try {
            store.compact(FILL_PERCENT, COMPACTED_AT_ONCE);
            store.commit();
        } catch (RuntimeException e) {
            log.warn("state cannot be made smaller directory={}", directory, e);
        }
    }

    private void failWaiting() {
        for (Change change = changes.poll(); change != null; change = changes.poll()) {
            change.done.completeExceptionally(new ProtocolException(ErrorCode.UNAVAILABLE));
        }
    }

    /** Keeps what was submitted, and closes the files. Does nothing when called again. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        // Wakes the thread; an interrupt would close the file under its hands.
        changes.add(wake);
        boolean isDone = thread.finish(CLOSE_PATIENCE);
        failWaiting();
        closeStore(isDone);
        acknowledged.close();
    }

    private void closeStore(boolean isQuiet) {
        if (isQuiet && broken == null) {
            try {
                store.close();
                return;
            } catch (RuntimeException e) {
                // What was acknowledged is in the file already.
                log.warn("closing failed directory={}", directory, e);
            }
        }
        store.closeImmediately();
    }
}
