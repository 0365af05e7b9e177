package dev.rollcall.sdktests;

import static dev.rollcall.sdktests.HereNowRequest.ofChannels;
import static dev.rollcall.sdktests.Stage.eventually;
import static dev.rollcall.sdktests.Subscription.toChannels;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Here now in pages, for SDKs that have them. */
public interface PagingScenarios extends Sdk {

    @Test
    default void hereNow_inPagesListsEverybodyOnceInOneOrder(Stage stage) {
        String room = stage.name("room");
        List<String> userIds = new ArrayList<>();
        for (String label : List.of("alice", "bob", "carol", "dave", "eve")) {
            SdkClient client = stage.client(label);
            client.subscribe(toChannels(room));
            userIds.add(client.userId());
            eventually(() ->
                    assertThat(client.hereNow(ofChannels(room)).userIds(room)).containsExactlyElementsOf(userIds));
        }
        SdkClient watcher = stage.client("watcher");

        // Waited for once: another node than the one that counted a join may give an answer that is 3 s old.
        eventually(() ->
                assertThat(watcher.hereNow(ofChannels(room)).userIds(room)).isEqualTo(userIds));
        List<String> paged = new ArrayList<>();
        for (int offset = 0; offset < 6; offset += 2) {
            HereNow page = watcher.hereNow(ofChannels(room).page(2, offset));
            assertThat(page.occupancy(room)).isEqualTo(5);
            paged.addAll(page.userIds(room));
        }

        assertThat(paged).isEqualTo(userIds);
        assertThat(watcher.hereNow(ofChannels(room).page(2, 5)).userIds(room)).isEmpty();
        HereNow none = watcher.hereNow(ofChannels(room).page(0, 0));
        assertThat(none.occupancy(room)).isEqualTo(5);
        assertThat(none.userIds(room)).isEmpty();
    }

    @Test
    default void hereNow_inPagesCutsEachChannel(Stage stage) {
        String first = stage.name("first");
        String second = stage.name("second");
        SdkClient alice = stage.client("alice");
        SdkClient bob = stage.client("bob");
        alice.subscribe(toChannels(first, second));
        eventually(() -> assertThat(alice.whereNow(alice.userId())).hasSize(2));
        bob.subscribe(toChannels(first, second));
        eventually(() -> assertThat(alice.whereNow(bob.userId())).hasSize(2));

        eventually(() -> {
            HereNow page = alice.hereNow(ofChannels(first, second).page(1, 1));
            assertThat(page.totalOccupancy()).isEqualTo(4);
            assertThat(page.userIds(first)).containsExactly(bob.userId());
            assertThat(page.userIds(second)).containsExactly(bob.userId());
        });
    }
}
