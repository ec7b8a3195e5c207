package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.StableNames;
import io.agentledger.store.crypto.Sealer;
import java.nio.charset.StandardCharsets;

/** Sealer that stores plain text. */
final class PlaintextSealer implements Sealer {
  @Override
  public Content seal(Id session, Class<?> event, String field, String text) {
    return new Content.Inline(place(event, field), text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String open(Id session, Class<?> event, String field, Content content) {
    var inline = (Content.Inline) content;
    assertThat(inline.keyId()).isEqualTo(place(event, field));
    return new String(inline.ciphertext(), StandardCharsets.UTF_8);
  }

  private static String place(Class<?> event, String field) {
    return StableNames.of(event) + "/" + field;
  }
}
