/** The sandbox's way out: which hosts what runs in it may connect to, and how it does. */
@NullMarked
package io.agentledger.command.claude.egress;

import org.jspecify.annotations.NullMarked;
