package dev.rollcall.server.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PathTest {
    @Test
    void of_splitsAtSlashes() {
        Path path = Path.of("/v2/subscribe/sub/a,b/0");
        assertThat(path.size()).isEqualTo(5);
        assertThat(path.is(0, "v2")).isTrue();
        assertThat(path.is(0, "v")).isFalse();
        assertThat(path.is(0, "v2/")).isFalse();
        assertThat(path.segment(2)).isEqualTo("sub");
        assertThat(path.names(3)).containsExactly("a", "b");
        assertThat(path.segment(5)).isEmpty();
        assertThat(path.is(5, "")).isFalse();
    }

    @Test
    void of_slashesAtTheEndMeanNothing() {
        assertThat(Path.of("/time/0//").size()).isEqualTo(2);
        assertThat(Path.of("/").size()).isZero();
        assertThat(Path.of("").size()).isEqualTo(1);
        assertThat(Path.of("*").segment(0)).isEqualTo("*");
    }

    @Test
    void of_emptySegmentsInsideCount() {
        Path path = Path.of("/v2/subscribe/sub//0");
        assertThat(path.size()).isEqualTo(5);
        assertThat(path.names(3)).isEmpty();
        assertThat(path.segment(4)).isEqualTo("0");
    }

    @Test
    void segment_isDecodedAfterSplitting() {
        Path path = Path.of("/a%2Fb/c");
        assertThat(path.size()).isEqualTo(2);
        assertThat(path.segment(0)).isEqualTo("a/b");
    }

    @Test
    void rest_keepsBareSlashes() {
        assertThat(Path.of("/publish/p/s/0/c/0/%22a/b%22").rest(6)).isEqualTo("\"a/b\"");
    }

    @Test
    void of_boundsTheSegments() {
        Path path = Path.of("/x".repeat(10_000));
        assertThat(path.size()).isEqualTo(10);
        assertThat(path.segment(9)).isEqualTo("x");
    }
}
