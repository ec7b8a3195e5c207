package io.agentledger.gateway.support.validation;

import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * Form in which names of configuration objects are stored: the composed one of Unicode, without
 * blanks at both ends. Names that differ in nothing else are the same.
 */
public final class NormalizedName {
  private NormalizedName() {}

  /** Returns the name; null for none, which is a violation of its own. */
  @SuppressWarnings("NullAway") // Bean Validation rejects null later.
  public static String of(@Nullable String name) {
    return name == null ? null : Normalizer.normalize(name, Normalizer.Form.NFC).strip();
  }
}
