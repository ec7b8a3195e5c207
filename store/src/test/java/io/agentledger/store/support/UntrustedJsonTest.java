package io.agentledger.store.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.util.function.IntFunction;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

class UntrustedJsonTest {
  private static final int NAMES = 4_000;
  private static final int MAPPERS = 20;

  /** Two texts with equal hashes, of which names with equal hashes are made. */
  private static final String[] PAIR = {"Ab", "BA"};

  /** Form in which a parser gets JSON; each has a parser of its own. */
  enum Form {
    BYTES {
      @Override
      void read(JsonMapper mapper, String json) {
        mapper.readTree(json.getBytes(StandardCharsets.UTF_8));
      }
    },
    TEXT {
      @Override
      void read(JsonMapper mapper, String json) {
        mapper.readTree(json);
      }
    };

    abstract void read(JsonMapper mapper, String json);
  }

  @ParameterizedTest
  @EnumSource
  void namesOfEqualHashesDoNotSpoilLaterTexts(Form form) {
    String hostile = object(NAMES, UntrustedJsonTest::collidingName);
    assertThatCode(() -> form.read(UntrustedJson.MAPPER, hostile)).doesNotThrowAnyException();
    assertThat(isSpoilt(UntrustedJson.MAPPER, form)).isFalse();
  }

  /** The attack is real: if this fails, Jackson has been repaired, and the class is not needed. */
  @ParameterizedTest
  @EnumSource
  void theyDoWithATableOfNames(Form form) {
    String hostile = object(NAMES, UntrustedJsonTest::collidingName);
    int spoilt = 0;
    for (int i = 0; i < MAPPERS; i++) { // The seed of the hashes is random.
      var mapper = new JsonMapper();
      try {
        form.read(mapper, hostile);
      } catch (JacksonException refused) {
        // Also then, the names stay in the table, or its size is wrong.
      }
      if (isSpoilt(mapper, form)) spoilt++;
    }
    assertThat(spoilt).isPositive();
  }

  private static boolean isSpoilt(JsonMapper mapper, Form form) {
    for (int i = 0; i < 1_000; i++) {
      int number = i;
      try {
        form.read(mapper, object(3, name -> "field_" + number + "_" + name));
      } catch (JacksonException | IllegalStateException refused) {
        return true;
      }
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
}
