package dev.rollcall.bench.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketIoTest {
    // The value is set by JUnit before each test.
    @TempDir
    private Path folder = Path.of("");

    private Path script = Path.of("");

    @BeforeEach
    void writeScript() throws IOException {
        script = folder.resolve("socketio").resolve("server.mjs");
        Files.createDirectories(script.resolveSibling(""));
        Files.writeString(script, "");
    }

    @Test
    void script_isFoundAboveTheJars() {
        String jar = folder.resolve("target/rollcall/lib/rollcall-bench.jar").toString();

        assertThat(SocketIo.script(List.of(jar))).contains(script);
    }

    @Test
    void script_isNotThereWhereNoFolderHasIt() throws IOException {
        Files.delete(script);

        assertThat(SocketIo.script(List.of(folder.resolve("target").toString())))
                .isEmpty();
    }

    @Test
    void program_isTheFirstOnThePathThatCanBeRun() throws IOException {
        Path first = Files.createDirectories(folder.resolve("first"));
        Path second = Files.createDirectories(folder.resolve("second"));
        Files.writeString(first.resolve("node"), "");
        Path program = Files.writeString(second.resolve("node"), "");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        String searchPath = first + File.pathSeparator + second;

        assertThat(SocketIo.program("node", searchPath)).contains(program);
        assertThat(SocketIo.program("npm", searchPath)).isEmpty();
        assertThat(SocketIo.program("node", null)).isEmpty();
    }

    @Test
    void isInstalled_onlyWhereNothingElseIsWantedSince() throws IOException {
        Path wanted = Files.writeString(script.resolveSibling("package-lock.json"), "{}");
        assertThat(SocketIo.isInstalled(script.resolveSibling(""))).isFalse();

        Path modules = Files.createDirectories(script.resolveSibling("node_modules"));
        Path installed = Files.writeString(modules.resolve(".package-lock.json"), "{}");
        Files.setLastModifiedTime(wanted, FileTime.fromMillis(2000));
        Files.setLastModifiedTime(installed, FileTime.fromMillis(2000));
        assertThat(SocketIo.isInstalled(script.resolveSibling(""))).isTrue();

        Files.setLastModifiedTime(wanted, FileTime.fromMillis(3000));
        assertThat(SocketIo.isInstalled(script.resolveSibling(""))).isFalse();
    }

    @Test
    void firstError_isNoWarning() {
        assertThat(SocketIo.firstError("npm warn old\nnpm error code ENOTFOUND\nnpm error more"))
                .isEqualTo("npm error code ENOTFOUND");
        assertThat(SocketIo.firstError("something\n")).isEqualTo("something");
    }
}
