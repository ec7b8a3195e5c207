package io.agentledger.api.template;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Names one template. */
@StableName("template")
public record TemplateId(String value) implements Id {
  /** What every value starts with. */
  public static final String PREFIX = "tpl";

  public TemplateId {
    Ids.check(PREFIX, value);
  }

  /** A new id, never handed out before. */
  public static TemplateId next() {
    return new TemplateId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
