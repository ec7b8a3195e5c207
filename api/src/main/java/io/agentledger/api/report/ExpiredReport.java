package io.agentledger.api.report;

import io.agentledger.api.identity.TenantId;

/** A report whose retention has ended. */
public record ExpiredReport(TenantId tenant, ReportId reportId) {}
