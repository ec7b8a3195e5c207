package io.agentledger.api.report;

/** A version of a report template. */
public record ReportTemplateRef(ReportTemplateId templateId, long version) {}
