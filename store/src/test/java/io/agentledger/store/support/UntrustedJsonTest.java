package io.agentledger.store.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class UntrustedJsonTest {
  private static final int NAMES = 4_000;
  private static final int MAPPERS = 20;

  /** Two texts with equal hashes, of which names with equal hashes are made. */
  private static final String[] PAIR = {"Ab", "BA"};

  @Test
  void namesOfEqualHashesDoNotSpoilLaterTexts() {
    byte[] hostile = bytes(object(NAMES, UntrustedJsonTest::collidingName));
    assertThatCode(() -> UntrustedJson.MAPPER.readTree(hostile)).doesNotThrowAnyException();
    assertThat(isSpoilt(UntrustedJson.MAPPER)).isFalse();
  }

  /** The attack is real: if this fails, Jackson has been repaired, and the class is not needed. */
  @Test
  void theyDoWithATableOfNames() {
    byte[] hostile = bytes(object(NAMES, UntrustedJsonTest::collidingName));
    int spoilt = 0;
    for (int i = 0; i < MAPPERS; i++) { // The seed of the hashes is random.
      var mapper = new JsonMapper();
      try {
        mapper.readTree(hostile);
      } catch (JacksonException refused) {
        // Also then, the names stay in the table.
      }
      if (isSpoilt(mapper)) spoilt++;
    }
    assertThat(spoilt).isPositive();
  }

  private static boolean isSpoilt(JsonMapper mapper) {
    for (int i = 0; i < 1_000; i++)
      try {
        mapper.readTree(bytes("{\"field_" + i + "\":1}"));
      } catch (JacksonException refused) {
        return true;
      }
    return false;
  }

  private static String collidingName(int number) {
    var name = new StringBuilder();
    for (int bit = 15; bit >= 0; bit--) name.append(PAIR[number >> bit & 1]);
    return name.toString();
  }

  private static String object(int names, IntFunction<String> name) {
    var json = new StringBuilder("{\"a\":1");
    for (int i = 0; i < names; i++) json.append(",\"").append(name.apply(i)).append("\":1");
    return json.append('}').toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
