package dev.rollcall.server.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
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
 * says up to which commit somebody was told that his change is kept. Read whole and checked when it is opened.
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
    private static final int BATCH = 1000;
    private static final long IDLE_SECONDS = 60;
    private static final int COMMITS_UNCOMPACTED = 1000;
    private static final int COMPACTED_AT_ONCE = 1 << 20;
    private static final int FILL_PERCENT = 50;
    private static final long CLOSE_MILLIS = 2000;

    private final Path directory;
    private final MVStore store;
    private final AcknowledgedCommit acknowledged;
    private final Map<String, DurableMap> maps = new LinkedHashMap<>();
    private final LinkedBlockingQueue<Change> changes = new LinkedBlockingQueue<>();
    private final Thread thread;

    /** Means nothing but that the thread should look up. */
    private final Change wake = new Change(() -> {}, new CompletableFuture<>());

    private long commit;
    private volatile boolean closed;
    private volatile @Nullable Throwable broken;

    private record Change(Runnable action, CompletableFuture<Void> done) {}

    /**
     * Opens a directory, and makes it if it is not there.
     *
     * @throws UncheckedIOException if it cannot be used, in use by another process or damaged; the message says what to do
     */
    public static DataDirectory open(Path directory) {
        try {
            create(directory);
            return new DataDirectory(directory);
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
                return;
            }
            boolean posix =
                    directory.getFileSystem().supportedFileAttributeViews().contains("posix");
            if (posix) {
                // Auth keys are in there.
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectories(directory);
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

    private DataDirectory(Path directory) throws IOException {
        this.directory = directory;
        Path file = directory.resolve(STATE);
        boolean fresh = !Files.exists(file);
        store = openStore(file);
        try {
            acknowledged = AcknowledgedCommit.open(directory.resolve(ACKNOWLEDGED));
            checkCommit(fresh);
        } catch (IOException | RuntimeException e) {
            store.closeImmediately();
            throw e;
        }
        thread = new Thread(this::run, "rollcall-data");
        thread.setDaemon(true);
        thread.start();
    }

    private static MVStore openStore(Path file) throws IOException {
        // Opened apart from the store, which keeps it locked when it does not like what it finds there.
        FileStore<?> fileStore = new SingleFileStore(new HashMap<>());
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
    }

    private static IOException damaged(Path file, @Nullable String what, @Nullable Throwable cause) {
        return new IOException(
                "data: " + file + " is damaged: " + String.valueOf(what).replace('\n', ' ')
                        + " (put back a copy of the whole directory; or remove it to begin with nothing, then grants and"
                        + " channel groups must be made again, and a revoked token is good again until it expires,"
                        + " unless the secret-key of its keyset is changed)",
                cause);
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
        var done = new CompletableFuture<Void>();
        changes.add(new Change(change, done));
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

    private void run() {
        List<Change> batch = new ArrayList<>();
        int uncompacted = 0;
        while (!closed || !changes.isEmpty()) {
            Change first;
            try {
                first = changes.poll(IDLE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                // Nobody is meant to: an interrupt in the middle of a write would close the file.
                log.warn("interrupted directory={}", directory);
                continue;
            }
            if (first != null) {
                batch.add(first);
                changes.drainTo(batch, BATCH - 1);
                batch.remove(wake);
            }
            if (!batch.isEmpty()) {
                apply(batch);
                batch.clear();
                uncompacted++;
            }
            if (uncompacted > COMMITS_UNCOMPACTED || first == null && uncompacted > 0) {
                compact();
                uncompacted = 0;
            }
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
                // What is in memory and what is in the file may differ now; only a new start tells.
                broken = e;
                failure = e;
                log.error("state is not kept any more, changes are refused until a restart directory={}", directory, e);
            }
        }
        for (Change change : batch) {
            if (failure == null) {
                change.done.complete(null);
            } else {
                change.done.completeExceptionally(
                        new IllegalStateException("the data directory cannot be written", failure));
            }
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
            change.done.completeExceptionally(new IllegalStateException("the data directory is closed"));
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
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        failWaiting();
        closeStore();
        acknowledged.close();
    }

    private void closeStore() {
        if (!thread.isAlive() && broken == null) {
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
