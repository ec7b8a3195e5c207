package io.agentledger.api.report;

/** File of a completed report, with its state. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record ReportContent(ReportView report, byte[] bytes) {}
