package dev.rollcall.cli.output;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A stream for results that knows why it could not write: nobody may read them any more, or a disk may be full. Safe from any thread. */
public final class ResultStream extends PrintStream {
    private final Watched watched;

    /** Makes one in front of another stream, in UTF-8. */
    public ResultStream(OutputStream out) {
        this(new Watched(out));
    }

    private ResultStream(Watched watched) {
        super(watched, false, StandardCharsets.UTF_8);
        this.watched = watched;
    }

    /** Returns what went wrong first, or null if nothing did. */
    @Nullable
    IOException problem() {
        return watched.problem;
    }

    /** Returns whether a failure means that the reader has gone. */
    static boolean isBrokenPipe(IOException problem) {
        String text = String.valueOf(problem.getMessage()).toLowerCase(Locale.ROOT);
        return text.contains("broken pipe") || text.contains("pipe is being closed") || text.contains("pipe closed");
    }

    private static final class Watched extends OutputStream {
        private final OutputStream out;
        volatile @Nullable IOException problem;

        Watched(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                out.write(bytes, from, length);
            } catch (IOException e) {
                throw first(e);
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                out.flush();
            } catch (IOException e) {
                throw first(e);
            }
        }

        private IOException first(IOException e) {
            if (problem == null) {
                problem = e;
            }
            return e;
        }
    }
}
