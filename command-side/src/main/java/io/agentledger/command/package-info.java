/** The deciding side: commands become events, and events become work. */
@NullMarked
package io.agentledger.command;

import org.jspecify.annotations.NullMarked;
