/** The command line client. */
@NullMarked
package io.agentledger.client.cli;

import org.jspecify.annotations.NullMarked;
