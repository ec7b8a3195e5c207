package io.agentledger.api.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  @Test
  void idHasThePrefixOfItsType() {
    assertThat(SessionId.next().value()).matches("ses_[2-9a-hj-km-np-z]{10}");
  }

  @Test
  void idsAreUnique() {
    assertThat(IntStream.range(0, 10_000).mapToObj(i -> RunId.next())).doesNotHaveDuplicates();
  }

  @Test
  void derivedIdIsDeterministic() {
    assertThat(Ids.derived("msg", "prc_1", "msg_01"))
        .isEqualTo(Ids.derived("msg", "prc_1", "msg_01"));
    new io.agentledger.api.session.MessageId(Ids.derived("msg", "a", "b"));
  }

  @Test
  void derivedIdSeparatesItsParts() {
    assertThat(Ids.derived("msg", "ab", "c")).isNotEqualTo(Ids.derived("msg", "a", "bc"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ses_",
        "ses_123",
        "run_abcdefghjk",
        "ses_abcdefghj0",
        "ses_abcdefghjkm",
        "SES_abcdefghjk"
      })
  void rejectsIdsOfOtherTypes(String value) {
    assertThatIllegalArgumentException().isThrownBy(() -> new SessionId(value));
  }
}
