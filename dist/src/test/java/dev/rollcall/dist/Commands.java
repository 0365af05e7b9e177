package dev.rollcall.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Commands of a package, which ask a server that was started from one. */
final class Commands {
    private final List<String> program;
    private final Map<String, String> environment;
    private final Path folder;
    private String said = "";

    /** Makes them ask a server by its address, for both ports. */
    Commands(Path program, Server server, Path folder) throws IOException {
        this(List.of(program.toString()), Map.of(), server, folder);
    }

    Commands(List<String> program, Map<String, String> environment, Server server, Path folder) throws IOException {
        this.program = program;
        this.environment = new TreeMap<>(environment);
        this.folder = folder;
        with("ROLLCALL_URL", server.listening().toString());
        with("ROLLCALL_ADMIN_URL", "http://127.0.0.1:" + server.adminPort());
    }

    Commands with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Runs one and returns its status. */
    int status(String... words) {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(words));
        Shell.Outcome outcome = Shell.run(environment, folder, command);
        said = outcome.said();
        return outcome.status();
    }

    /** Returns what the last one said. */
    String said() {
        return said;
    }

    void says(int status, String text, String... words) {
        int ended = status(words);
        assertThat(said).isEqualTo(text);
        assertThat(ended).isEqualTo(status);
    }
}
