package io.agentledger.query.session;

import io.agentledger.api.content.Content;
import io.agentledger.api.shared.Id;
import io.agentledger.store.crypto.Sealer;

/** Seals under keys that nobody has: what content looks like after its erasure. */
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
