package dev.rollcall.client.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rollcall.client.HereNowChannel;
import dev.rollcall.client.HereNowOccupant;
import dev.rollcall.client.HereNowResult;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HereNowPagesTest {
    private final List<Integer> asked = new ArrayList<>();

    /** A channel of so many occupants, asked for in pages of three. */
    private HereNowPages pages(int occupancy, int offset) {
        return new HereNowPages(offset, 3, from -> {
            asked.add(from);
            List<HereNowOccupant> page = IntStream.range(from, Math.min(from + 3, occupancy))
                    .mapToObj(i -> new HereNowOccupant("u" + i, null))
                    .toList();
            return new HereNowResult(1, occupancy, List.of(new HereNowChannel("c", occupancy, page)));
        });
    }

    private static List<String> uuids(HereNowPages pages) {
        List<String> uuids = new ArrayList<>();
        pages.forEachRemaining(
                page -> page.channels().get(0).occupants().forEach(occupant -> uuids.add(occupant.uuid())));
        return uuids;
    }

    @Test
    void next_walksToTheEnd() {
        assertThat(uuids(pages(7, 0))).containsExactly("u0", "u1", "u2", "u3", "u4", "u5", "u6");
        assertThat(asked).containsExactly(0, 3, 6);
    }

    @Test
    void next_asksForNoPageBeyondAFullLastOne() {
        assertThat(uuids(pages(6, 0))).hasSize(6);
        assertThat(asked).containsExactly(0, 3);
    }

    @Test
    void next_beginsAtTheOffset() {
        assertThat(uuids(pages(5, 4))).containsExactly("u4");
        assertThat(asked).containsExactly(4);
    }

    @Test
    void next_emptyChannelIsOnePage() {
        assertThat(uuids(pages(0, 0))).isEmpty();
        assertThat(asked).containsExactly(0);
    }

    @Test
    void next_isLazy() {
        HereNowPages pages = pages(100, 0);
        assertThat(asked).isEmpty();
        assertThat(pages.hasNext()).isTrue();
        assertThat(asked).isEmpty();
        pages.next();
        assertThat(pages.hasNext()).isTrue();
        assertThat(asked).containsExactly(0);
    }

    @Test
    void next_beyondTheEndThrows() {
        HereNowPages pages = pages(1, 0);
        pages.next();
        assertThatThrownBy(pages::next).isInstanceOf(NoSuchElementException.class);
    }
}
