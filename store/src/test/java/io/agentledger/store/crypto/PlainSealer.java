package io.agentledger.store.crypto;

import io.agentledger.api.content.Content;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.StableNames;
import java.nio.charset.StandardCharsets;

/**
 * Sealer that stores plain text deterministically, so that tests can compare events. It checks
 * places like the real one: content of one field cannot be opened for another.
 */
public final class PlainSealer implements Sealer {
  @Override
  public Content seal(Id subject, Class<?> event, String field, String text) {
    return new Content.Inline(
        subject.value(), (place(subject, event, field) + text).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String open(Id subject, Class<?> event, String field, Content content) {
    return switch (content) {
      case Content.Absent() -> "";
      case Content.Inline(String keyId, byte[] plain) ->
          withoutPlace(new String(plain, StandardCharsets.UTF_8), place(subject, event, field));
      case Content.Stored stored ->
          throw new IllegalArgumentException("not sealed here: " + stored);
    };
  }

  private static String withoutPlace(String text, String associatedData) {
    if (!text.startsWith(associatedData))
      throw new ContentUnavailableException(
          ContentUnavailableException.Reason.TAMPERED,
          "does not belong to " + associatedData + ": " + text);
    return text.substring(associatedData.length());
  }

  private static String place(Id subject, Class<?> event, String field) {
    return subject.value() + '/' + StableNames.of(event) + '/' + field + '/';
  }
}
