package io.agentledger.projection.template;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** Primary key of a version of a template. */
@Embeddable
public record TemplateVersionKey(String templateId, long sequence) implements Serializable {}
