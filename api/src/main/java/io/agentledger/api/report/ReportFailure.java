package io.agentledger.api.report;

/**
 * Why a report could not be made; it never contains content.
 *
 * @param code in snake case
 * @param message sentences for users
 */
public record ReportFailure(String code, String message) {}
