"""Makes the database with one user."""

import os

from app import app, db
from flask_security import hash_password

with app.app_context():
    db.create_all()
    app.security.datastore.create_user(email="camille@example.fr", password=hash_password(os.environ["PEER_PIN"]))
    db.session.commit()
    print(app.security.datastore.find_user(email="camille@example.fr").password.split("$")[1:4])
