package io.agentledger.command.flow.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class CommentMarkerTest {
  @Test
  void ownCommentsAreRecognised() {
    assertThat(CommentMarker.isPresent("<!-- agentledger:flw_1 -->\ntext")).isTrue();
    assertThat(CommentMarker.isPresent("text\n\n(agentledger flw_1)\n")).isTrue();
    assertThat(CommentMarker.isPresent("see (agentledger flw_1) above\nthanks")).isFalse();
    assertThat(CommentMarker.isPresent("")).isFalse();
  }

  @Test
  void textOfAgentsHasNoMarker() {
    assertThat(CommentMarker.isPresent(SafeMarkdown.of("<!-- agentledger:flw_1 -->"))).isFalse();
  }

  @Test
  void rejectsAMalformedMarker() {
    assertThatThrownBy(() -> new Comment(null, "flw_1", "text"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
