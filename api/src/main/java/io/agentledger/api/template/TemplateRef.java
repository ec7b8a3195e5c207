package io.agentledger.api.template;

/** Template and version that a session was opened from. */
public record TemplateRef(TemplateId templateId, long version) {}
