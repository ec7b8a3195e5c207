/**
 * Runs the Claude Code CLI for the house: this node's pool of processes, their leases and recovery;
 * it builds on {@code run}, that on {@code record}, {@code policy} and {@code process}, those on
 * {@code box} and {@code protocol}.
 */
@NullMarked
package io.agentledger.command.claude;

import org.jspecify.annotations.NullMarked;
