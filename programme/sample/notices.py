"""Practical information and the privacy notice of the sample meeting, in English."""

from meeting.languages import english

PRACTICAL_INFORMATION = english(
    """Place
The meeting takes place at the United Nations Conference Centre (UNCC), Rajadamnern Nok Avenue, Bangkok. The desk is on the ground floor.

Registration
Register here before you travel: only people who are registered and approved receive a badge. On the first day the desk opens at 08:00. Bring the identity document that has the name you registered with.

Letters
Governments send a letter of credentials or a note verbale that names their delegation; organizations send a letter on their letterhead with the names and functions of their representatives. The letter may name the whole delegation: each person sends a copy of it with the form.

Languages
Documents are in English. The organisers will announce the languages of interpretation.

Visa
Ask the nearest Thai embassy or consulate early whether you need a visa. Your confirmation can be shown with the application.

Getting there
Suvarnabhumi Airport lies about 30 kilometres east of the centre. Taxis with a meter stand at the first floor of the terminal.

Access
The centre has lifts and step-free entrances. Tell the secretariat what you need, such as a seat near the door, sign language or a text alternative; you do not have to say why.

Children and young people
Their participation is prepared together with the safeguarding lead, never through this form. Write to safeguarding@eap-2008.example.org.

Emergencies
Police 191. Ambulance 1669. Tourist police 1155.

This page is an example. Addresses at example.org do not exist."""
)

PRIVACY_NOTICE = english(
    """Who is responsible
The three organizing bodies together: UNESCAP, UNICEF East Asia and Pacific Regional Office and ECPAT International. Write to the secretariat with any question about your data.

What we ask, and why
Your name, function and organization: to check them against the letter, to print your badge and the list of participants. Your email address and telephone: to reach you about this meeting. The letter: to know that those who sent you wish you to come.

Who sees it
Staff of the organisers who decide on registrations or prepare lists. The list of participants shows names, functions and organizations, never addresses or telephone numbers. Every export and every reading of a letter is recorded.

How long we keep it
Contact details and letters: twelve months after the meeting. What you entered otherwise, and the history of the decision: twenty-four months. The list of participants is kept as a record of the meeting.

What you can do
See the state of your registration through the link in your confirmation. Ask the secretariat to correct it, to withdraw it, for a copy of your data, or to delete it.

Under eighteen
Please do not register here. Your organization and the safeguarding lead will register you together with your guardian."""
)
