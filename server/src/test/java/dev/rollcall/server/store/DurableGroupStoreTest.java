package dev.rollcall.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rollcall.engine.embedded.group.GroupStore.Id;
import dev.rollcall.protocol.Channel;
import dev.rollcall.protocol.ChannelGroup;
import dev.rollcall.protocol.SubscribeKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableGroupStoreTest {
    private static final Id GROUP = new Id(new SubscribeKey("sub"), new ChannelGroup("g"));
    private static final Id OTHER = new Id(new SubscribeKey("sub"), new ChannelGroup("ns:g\n1 é"));

    @TempDir
    Path folder;

    private static List<Channel> channels(String... names) {
        return Stream.of(names).map(Channel::new).toList();
    }

    private static void join(CompletionStage<Void> stage) {
        stage.toCompletableFuture().join();
    }

    private Map<Id, List<Channel>> kept() {
        try (DataDirectory directory = DataDirectory.open(folder)) {
            Map<Id, List<Channel>> groups = new HashMap<>();
            DurableGroupStore.open(directory)
                    .load((id, channels) -> assertThat(groups.put(id, channels)).isNull());
            return groups;
        }
    }

    @Test
    void load_givesGroupsWithTheirChannelsInTheOrderTheyWereAdded() {
        try (DataDirectory directory = DataDirectory.open(folder)) {
            DurableGroupStore store = DurableGroupStore.open(directory);
            join(store.add(GROUP, channels("z", "a", "m")));
            join(store.add(OTHER, channels("x\n2", "é.*")));
            join(store.add(GROUP, channels("b", "z")));
            join(store.remove(GROUP, channels("a", "nothing")));
            join(store.add(GROUP, channels("a")));
        }
        assertThat(kept()).isEqualTo(Map.of(GROUP, channels("z", "m", "b", "a"), OTHER, channels("x\n2", "é.*")));
        try (DataDirectory directory = DataDirectory.open(folder)) {
            DurableGroupStore store = DurableGroupStore.open(directory);
            join(store.add(GROUP, channels("y")));
            join(store.remove(OTHER, channels("x\n2", "é.*")));
        }
        assertThat(kept()).isEqualTo(Map.of(GROUP, channels("z", "m", "b", "a", "y")));
    }

    @Test
    void open_refusesGroupsThatAreDamagedAndSaysWhatToDo() throws IOException {
        try (DataDirectory directory = DataDirectory.open(folder)) {
            join(DurableGroupStore.open(directory).add(GROUP, channels("channel-to-be-damaged")));
        }
        Path file = folder.resolve(DataDirectory.STATE);
        byte[] bytes = Files.readAllBytes(file);
        byte[] name = "channel-to-be-damaged".getBytes(StandardCharsets.UTF_8);
        int changed = 0;
        for (int i = 0; i <= bytes.length - name.length; i++) {
            if (new String(bytes, i, name.length, StandardCharsets.ISO_8859_1).equals("channel-to-be-damaged")) {
                bytes[i]++;
                changed++;
            }
        }
        assertThat(changed).isPositive();
        Files.write(file, bytes);
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(this::kept)
                .satisfies(e -> assertThat(e.getCause().getMessage())
                        .contains("is damaged", "put back a copy", "channel groups must be made again"));
    }
}
