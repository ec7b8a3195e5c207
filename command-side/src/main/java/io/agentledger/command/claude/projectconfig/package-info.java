/** Reads a workspace's own configuration for the agent: CLAUDE.md, skills, agents. */
@NullMarked
package io.agentledger.command.claude.projectconfig;

import org.jspecify.annotations.NullMarked;
