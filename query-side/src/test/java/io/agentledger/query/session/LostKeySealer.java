package io.agentledger.query.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.shared.Id;
import io.agentledger.store.crypto.Sealer;

/** Sealer with keys that do not exist, which produces content as after its erasure. */
final class LostKeySealer implements Sealer {
  @Override
  public Content seal(Id session, Class<?> event, String field, String text) {
    return new Content.Inline(session.value(), new byte[64]);
  }

  @Override
  public String open(Id session, Class<?> event, String field, Content content) {
    throw new UnsupportedOperationException();
  }
}
