package dev.rollcall.server.tool;

import dev.rollcall.engine.EngineCounts;
import dev.rollcall.engine.EngineListener;
import dev.rollcall.engine.EngineTime;
import dev.rollcall.engine.KeysetSettings;
import dev.rollcall.engine.embedded.EmbeddedEngine;
import dev.rollcall.server.store.SnapshotFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** {@code snapshot info} and {@code snapshot verify}: what is in the file in which a server keeps who is present. */
final class SnapshotTool {
    private SnapshotTool() {}

    static List<Command> commands() {
        return List.of(
                new Command(
                        "info",
                        "Tells how many are present in a snapshot. Reads all of it, as a server that starts does.",
                        List.of(),
                        List.of(Tools.word("FILE", "1", "The snapshot, or the data directory it is in.")),
                        SnapshotTool::info),
                new Command(
                        "verify",
                        "Tells whether a snapshot is whole, and whether this version can read it. Ends with status 1 if"
                                + " not.",
                        List.of(),
                        List.of(Tools.word("FILE", "1", "The snapshot, or the data directory it is in.")),
                        SnapshotTool::verify));
    }

    private static Path file(Command.Called called) {
        try {
            Path path = Path.of(called.word());
            Path file = Files.isDirectory(path) ? path.resolve(SnapshotFile.PRESENCE) : path;
            if (Files.isReadable(file) && Files.isRegularFile(file)) {
                return file;
            }
        } catch (InvalidPathException e) {
            // Said below.
        }
        throw new IllegalArgumentException("FILE: " + called.word() + " (expected: a snapshot that can be read)");
    }

    /** Puts it into an engine of its own, in which no time passes before it is thrown away. */
    private static EngineCounts counts(Path file) throws IOException {
        EmbeddedEngine engine =
                new EmbeddedEngine(key -> KeysetSettings.DEFAULT, EngineTime.system(), new EngineListener() {});
        try (InputStream in = SnapshotFile.checked(file)) {
            engine.restore(in, Duration.ZERO);
            return engine.counts();
        } finally {
            engine.close();
        }
    }

    private static int info(Command.Called called) throws IOException {
        Path file = file(called);
        EngineCounts counts = counts(file);
        Instant written = Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS);
        if (called.isJson()) {
            called.print(Command.Called.object()
                    .put("file", file.toString())
                    .put("written", written.toString())
                    .put("bytes", Files.size(file))
                    .put("keysets", counts.keysets())
                    .put("channels", counts.channels())
                    .put("occupants", counts.occupants()));
        } else {
            called.print(file + ": written " + written + ", " + Files.size(file) + " bytes");
            called.print("  keysets    " + counts.keysets());
            called.print("  channels   " + counts.channels());
            called.print("  occupants  " + counts.occupants());
        }
        return Tools.OK;
    }

    private static int verify(Command.Called called) throws IOException {
        Path file = file(called);
        String problem = "";
        try {
            counts(file);
        } catch (IOException e) {
            problem = e.getMessage() == null ? e.toString() : e.getMessage();
        }
        if (called.isJson()) {
            var line = Command.Called.object().put("file", file.toString()).put("ok", problem.isEmpty());
            called.print(problem.isEmpty() ? line : line.put("message", problem));
        } else if (problem.isEmpty()) {
            called.print(file + ": whole");
        } else {
            called.complain(problem);
        }
        return problem.isEmpty() ? Tools.OK : Tools.FAILED;
    }
}
