package io.agentledger.api.template;

import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.StableName;

/** Id of one template. */
@StableName("template")
public record TemplateId(String value) implements Id {
  /** Prefix of every id of this type. */
  public static final String PREFIX = "tpl";

  public TemplateId {
    Ids.check(PREFIX, value);
  }

  /** Generates a new, unique id. */
  public static TemplateId next() {
    return new TemplateId(Ids.random(PREFIX));
  }

  @Override
  public String toString() {
    return value;
  }
}
