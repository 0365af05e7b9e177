package dev.rollcall.server.http.listen;

import dev.rollcall.engine.daemon.DaemonThread;
import dev.rollcall.engine.daemon.FatalErrors;
import dev.rollcall.server.http.TlsFiles;
import dev.rollcall.server.signal.Hangup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the certificate again when its files change and on SIGHUP. Connections that are open keep the one they began with. Files that cannot be used
 * change nothing; they are tried again when they change once more.
 */
public final class CertificateWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CertificateWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final TlsFiles files;
    private final HttpServer server;
    private final DaemonThread thread;
    private final Runnable endOfHangups;

    /** The files as they were when the certificate was last read, and as they were a period ago. */
    private String read;

    private String last;

    private CertificateWatch(TlsFiles files, HttpServer server, DaemonThread thread) {
        this.files = files;
        this.server = server;
        read = stamp(files);
        last = read;
        this.thread = thread;
        endOfHangups = Hangup.listen(this::hangup);
    }

    /** Starts watching the files of {@code server}, which must speak TLS, on {@code thread}. */
    public static CertificateWatch start(TlsFiles files, HttpServer server, DaemonThread thread) {
        CertificateWatch watch = new CertificateWatch(files, server, thread);
        thread.repeat(PERIOD, PERIOD, watch::reloadIfChanged);
        return watch;
    }

    private void hangup() {
        try {
            thread.execute(this::reload);
        } catch (RejectedExecutionException e) {
            log.trace("closed", e);
        }
    }

    private void reloadIfChanged() {
        String now = stamp(files);
        boolean isSettled = now.equals(last);
        last = now;
        // There are two files: one alone is not read before the other has had the time to follow.
        if (!isSettled || now.equals(read)) {
            return;
        }
        reload();
    }

    private void reload() {
        read = stamp(files);
        try {
            server.useCertificate(files);
            log.info("certificate read again file={}", files.certificateChain());
        } catch (Throwable e) {
            FatalErrors.check(e);
            log.error("certificate stays as it is problem=\"{}\"", e.getMessage(), e);
        }
    }

    private static String stamp(TlsFiles files) {
        return stamp(files.certificateChain()) + ' ' + stamp(files.privateKey());
    }

    private static String stamp(Path file) {
        try {
            return Files.getLastModifiedTime(file).toMillis() + "/" + Files.size(file);
        } catch (IOException e) {
            // It is about to be replaced; there is one again in a moment.
            return "";
        }
    }

    @Override
    public void close() {
        endOfHangups.run();
        thread.close();
    }
}
