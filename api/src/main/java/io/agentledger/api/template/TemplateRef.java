package io.agentledger.api.template;

/** Which version of which template a session was opened from. */
public record TemplateRef(TemplateId templateId, long version) {}
