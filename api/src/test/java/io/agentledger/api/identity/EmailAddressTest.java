package io.agentledger.api.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {
  @ParameterizedTest
  @CsvSource({
    "ada@example.org, ADA@Example.ORG",
    "ada@example.org, ' ada@example.org '",
    "ada@example.org, \uff41\uff44\uff41@example.org", // full-width letters
    "stra\u00dfe@example.org, STRASSE@example.org",
    "\u03c3\u03c3@example.org, \u03c3\u03c2@example.org", // the two small sigmas
    "jose\u0301@example.org, jos\u00e9@example.org", // composed or not
    "ada@b\u00fccher.example, ada@xn--bcher-kva.example",
    "ada@example.org, \u0061da@\u24d4xample.org", // a circled letter
  })
  void spellingsOfOneAddressAreEqual(String one, String other) {
    assertThat(new EmailAddress(one).comparable()).isEqualTo(new EmailAddress(other).comparable());
  }

  @ParameterizedTest
  @CsvSource({
    "ada@example.org, ada@example.com",
    "ada@example.org, a.da@example.org", // special rules of providers are not applied
    "ada@example.org, ada+x@example.org",
    "ada@example.org, \u0430da@example.org", // a Cyrillic letter that looks the same
  })
  void differentAddressesAreNotEqual(String one, String other) {
    assertThat(new EmailAddress(one).comparable())
        .isNotEqualTo(new EmailAddress(other).comparable());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ada",
        "@example.org",
        "ada@",
        "ada@localhost",
        "ada@@example.org",
        "ada@example..org",
        "ada@-example.org",
        "a da@example.org",
        ".ada@example.org",
        "ada.@example.org",
        "ada\u200b@example.org",
        "ada\u202e@example.org",
        "ada\u0000@example.org",
        "ada@example.org\n",
        "ada@example.org\r\nBcc: eve@example.org",
        "\"ada\"@example.org",
        "ada@exam\u00adple.org",
      })
  void rejectsMalformedAddresses(String text) {
    assertThatThrownBy(() -> new EmailAddress(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void rejectsOversizedAddressBeforeParsing() {
    assertThatThrownBy(() -> new EmailAddress("a".repeat(10_000_000) + "@example.org"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new EmailAddress("a".repeat(65) + "@example.org"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void toStringHidesTheAddress() {
    assertThat(new EmailAddress("ada@example.org").toString()).doesNotContain("ada");
  }
}
