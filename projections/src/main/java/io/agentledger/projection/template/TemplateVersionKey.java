package io.agentledger.projection.template;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** Which fact of which template. */
@Embeddable
public record TemplateVersionKey(String templateId, long sequence) implements Serializable {}
