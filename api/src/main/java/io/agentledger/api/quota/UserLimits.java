package io.agentledger.api.quota;

/**
 * What one person may use at most.
 *
 * @param sessions with a run in progress or waiting, at a time; sessions that only are open are not
 *     counted
 * @param tasks that run at a time
 * @param storageMib of all workspaces and stored content together
 * @param workspaceMib of one workspace
 * @param callsPerMinute requests and messages on all doors together
 * @param callsPerHour likewise
 */
public record UserLimits(
    int sessions,
    int tasks,
    long storageMib,
    long workspaceMib,
    int callsPerMinute,
    int callsPerHour,
    MonthlyBudget budget) {}
