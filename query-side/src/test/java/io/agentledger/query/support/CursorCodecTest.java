package io.agentledger.query.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.RejectionException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CursorCodecTest {
  private final CursorCodec cursorCodec = new CursorCodec(new byte[32]);

  private Optional<String> place(String cursor, String... cursorScope) {
    return cursorCodec.decode(new PageRequest(1, cursor), cursorScope);
  }

  private void assertRefused(String cursor, String... cursorScope) {
    assertThatThrownBy(() -> place(cursor, cursorScope))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> assertThat(e.rejection()).isEqualTo(new Rejection.InvalidCursor()));
  }

  @Test
  void firstPageHasNoPosition() {
    assertThat(place(null, "messages")).isEmpty();
  }

  @Test
  void positionDecodesInItsOwnListOnly() {
    String cursor = cursorCodec.encode("42", "messages", "tnt_a", "ses_b");
    assertThat(place(cursor, "messages", "tnt_a", "ses_b")).contains("42");
    assertRefused(cursor, "messages", "tnt_a", "ses_c");
    assertRefused(cursor, "runs", "tnt_a", "ses_b");
    assertRefused(cursor, "messages", "tnt_as", "es_b");
    assertRefused(cursor, "messages", "tnt_a");
  }

  @Test
  void rejectsEveryFlippedBit() {
    byte[] sealed = Base64.getUrlDecoder().decode(cursorCodec.encode("42", "messages"));
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(Base64.getUrlEncoder().withoutPadding().encodeToString(changed), "messages");
    }
    for (int length = 0; length < sealed.length; length++)
      assertRefused(
          Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(sealed, length)),
          "messages");
  }

  @Test
  void rejectsForgedCursors() {
    var random = new Random(1);
    for (int i = 0; i < 1000; i++) {
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      assertRefused(Base64.getUrlEncoder().encodeToString(noise), "messages");
      assertRefused(new String(noise, java.nio.charset.StandardCharsets.ISO_8859_1), "messages");
    }
    assertRefused("A".repeat(10_000), "messages");
  }

  @Test
  void rejectsCursorsOfAnotherKey() {
    byte[] other = new byte[32];
    other[0] = 1;
    assertRefused(new CursorCodec(other).encode("42", "messages"), "messages");
  }
}
